import { beforeAll, describe, expect, it } from 'vitest'
import type { KnownChange } from '../../../src/replay/known-changes.ts'
import { replayHistory } from '../../../src/replay/replay-history.ts'
import { escaped } from '../../../src/replay/report/markup.ts'
import { replayReport } from '../../../src/replay/report/report.ts'
import { linearScale, numberTicks, timeTicks } from '../../../src/replay/report/scale.ts'
import { durationText, numberText } from '../../../src/replay/report/wording.ts'
import type { ReplayResult } from '../../../src/replay/result.ts'
import { listedHistory, smallHistory, smallReplay } from '../../support/small-history.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 20, eventsPerMinute: 100, seed: 3 }
const HOSTILE = `<script>alert("1")</script>&'`

let result: ReplayResult
beforeAll(async () => {
  const changes: KnownChange[] = [
    { name: HOSTILE, at: world.startMs + 20 * 60_000, until: null, model: null },
  ]
  const policies = ['configured', HOSTILE].map((name) => ({ name, policies: new Map() }))
  result = await replayHistory(
    listedHistory(smallHistory(world, 60)),
    smallReplay(world, { changes, policies }),
  )
})

/** Names of all elements in order; throws where one is not closed, or closed twice. */
function elementsOf(html: string): string[] {
  const open: string[] = []
  const all: string[] = []
  for (const [, close, name = '', rest = ''] of html.matchAll(
    /<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*)>/gi,
  )) {
    if (close === '/') {
      const expected = open.pop()
      if (expected !== name) throw new Error(`expected </${expected}>, got </${name}>`)
      continue
    }
    all.push(name)
    if (name !== 'meta' && !rest.endsWith('/')) open.push(name)
  }
  if (open.length > 0) throw new Error(`left open: ${open.join(', ')}`)
  return all
}

describe('a report', () => {
  it('is one whole page of known elements that loads and runs nothing', () => {
    const html = replayReport(result)
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true)
    const elements = new Set(elementsOf(html))
    for (const wanted of ['svg', 'path', 'rect', 'table', 'figcaption', 'title'])
      expect(elements).toContain(wanted)
    for (const unwanted of ['script', 'link', 'img', 'iframe', 'a', 'foreignObject']) {
      expect(elements).not.toContain(unwanted)
    }
    expect(html).not.toMatch(/https?:|\burl\(|@import|\bon\w+=/)
    expect(html).toContain(`default-src 'none'`)
    expect(html).toContain('prefers-color-scheme: dark')
    expect(html).toContain('@media print')
    expect(replayReport(result)).toBe(html)
  })

  it('shows the metric, the episodes, the policies and the features, with numbers an SVG can have', () => {
    const html = replayReport(result)
    expect(html).toContain('aria-label="logLoss over time"')
    expect(html).toContain('class="band performance"')
    expect(html).toContain('aria-label="shift of the features over time"')
    expect(html).toMatch(/request at 2027-01-01 00:\d\d by performance/)
    expect(html).toMatch(/held back \d+ times by minimum-sample/)
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/)
  })

  it('takes names for names wherever they stand', () => {
    const course = result.courses[0]!
    const hostile: ReplayResult = {
      ...result,
      events: {
        ...result.events,
        refused: [{ code: HOSTILE, count: 1, firstAt: HOSTILE, firstMessage: HOSTILE }],
      },
      courses: [
        {
          ...course,
          models: course.models.map((model) => ({
            ...model,
            model: HOSTILE,
            drift: model.drift.map((event) => ({ ...event, summary: HOSTILE })),
            effects: model.effects.map((effect) => ({ ...effect, feature: HOSTILE })),
            measured: model.measured.map((stretch, index) => ({
              ...stretch,
              version: index > 2 ? HOSTILE : '1',
            })),
          })),
        },
      ],
      policies: result.policies.map((policy) => ({
        ...policy,
        models: policy.models.map((model) => ({
          ...model,
          model: HOSTILE,
          suppressed: [{ guard: HOSTILE, count: 1 }],
          held: model.held.map((held) => ({ ...held, guard: HOSTILE, reason: HOSTILE })),
          requests: model.requests.map((request) => {
            return { ...request, trigger: { ...request.trigger, name: HOSTILE, reason: HOSTILE } }
          }),
        })),
      })),
    }
    const html = replayReport(hostile)
    expect(elementsOf(html)).not.toContain('script')
    expect(html).not.toContain('alert("1")')
    expect(html.split(escaped(HOSTILE)).length).toBeGreaterThan(15)
  })

  it('says so where there are no labels, no episodes and no requests', async () => {
    const { features } = smallHistory({ ...world, turnsAtMinute: 1_000 }, 5)
    const empty = await replayHistory(
      listedHistory({ features, labels: [] }),
      smallReplay(world, { references: [] }),
    )
    const html = replayReport(empty)
    elementsOf(html)
    for (const said of ['No labelled predictions', 'No episodes.', 'No requests.'])
      expect(html).toContain(said)
  })
})

describe('scales', () => {
  const texts = (from: number, to: number) =>
    timeTicks(linearScale(from, to, 0, 1), 9).map(({ text }) => text)

  it('put times where a calendar has them', () => {
    const day = Date.UTC(2001, 2, 12)
    expect(texts(day - 1, day + 3_600_000 * 5)).toEqual([
      '12 Mar',
      '01:00',
      '02:00',
      '03:00',
      '04:00',
      '05:00',
    ])
    expect(texts(day, day + 86_400_000 * 20)).toEqual(['12 Mar', '19 Mar', '26 Mar'])
    expect(texts(Date.UTC(2000, 10, 3), Date.UTC(2001, 3, 20))).toEqual(['Dec', '2001', 'Feb', 'Mar', 'Apr'])
    expect(texts(day, day)).toHaveLength(1)
  })

  it('put numbers at round values, also where there is one value alone', () => {
    expect(numberTicks(linearScale(0.31, 0.98, 0, 1), 5).map(({ text }) => text)).toEqual([
      '0.4',
      '0.6',
      '0.8',
    ])
    expect(numberTicks(linearScale(-3, 3, 0, 1), 5).map(({ text }) => text)).toEqual(['−2', '0', '2'])
    expect(numberTicks(linearScale(5, 5, 0, 1), 5)).toEqual([{ value: 5, text: '5' }])
  })

  it('write durations and numbers for people', () => {
    expect([12_000, 840_000, 5_400_000, 93_600_000, -3_600_000, 86_399_999].map(durationText)).toEqual([
      ...['12 s', '14 min', '1 h 30 min', '1 d 2 h', '−1 h', '24 h'],
    ])
    expect([0.12345, 12345.6, -0.5, null, Number.NaN].map(numberText)).toEqual([
      '0.123',
      '12346',
      '−0.5',
      '–',
      '–',
    ])
  })
})
