import { describe, expect, it } from 'vitest'
import type { TimeRange } from '../../../src/events/fields.ts'
import type { OpenEpisode, TriggerObservation } from '../../../src/triggers/observation.ts'
import { suggestedRange } from '../../../src/triggers/suggested-range.ts'
import { findingLike } from '../../support/counted-samples.ts'
import {
  DAY,
  episode,
  HOUR,
  MONDAY,
  ON_PERFORMANCE,
  observation,
  policy,
} from '../../support/trigger-inputs.ts'

/** A hundred labelled events an hour, in panes of an hour. */
const hourly = ({ fromMs, toMs }: TimeRange) =>
  100 * Math.max(0, Math.ceil(toMs / HOUR) - Math.ceil(fromMs / HOUR))
const days = (from: number, to: number): TimeRange => ({
  fromMs: MONDAY + from * DAY,
  toMs: MONDAY + to * DAY,
})
const ask = (
  changedAt: number | null,
  over: Partial<TriggerObservation> = {},
  events: number | null = null,
  holdoutShare: number | null = 0.3,
) =>
  suggestedRange(
    changedAt,
    observation(MONDAY, { labelledIn: hourly, ...over }),
    policy(ON_PERFORMANCE, {
      trainingWindowMs: 10 * DAY,
      trainingEvents: events,
      minimumSample: 4_800,
      holdoutShare,
    }),
  )

describe('the suggested range', () => {
  it('begins with the change, ends where labels are complete', () => {
    expect(ask(MONDAY - 3 * DAY, { labelledUntil: MONDAY - DAY })).toEqual({
      basis: 'since-change',
      window: days(-3, 0),
      training: days(-3, -1),
      labelled: 4_800,
      learnedAfterChange: 3_360,
    })
  })

  it('is the last window, or the last events, where nothing is dated', () => {
    expect(ask(null)).toMatchObject({ basis: 'last-window', training: days(-10, 0) })
    const byEvents = ask(null, { labelledUntil: MONDAY - DAY }, 7_200)
    expect(byEvents).toMatchObject({ basis: 'last-events', training: days(-4, -1), labelled: 7_200 })
    expect(ask(null, {}, 1e9)).toMatchObject({ basis: 'last-events', training: days(-20, 0) })
  })

  it('is filled up from before a young change once the holdout and half of the rest lie after it', () => {
    const young = ask(MONDAY - 1.5 * DAY)
    expect(young).toEqual({
      basis: 'last-events',
      window: { fromMs: young.window.fromMs, toMs: MONDAY },
      training: young.window,
      labelled: 4_800,
      learnedAfterChange: 3_600 - 1_440,
    })
    expect(MONDAY - young.window.fromMs).toBeLessThanOrEqual(2 * DAY)
    expect(MONDAY - young.window.fromMs).toBeGreaterThan(2 * DAY - HOUR)

    expect(ask(MONDAY - 31 * HOUR)).toMatchObject({ basis: 'since-change', labelled: 3_100 })
    expect(ask(MONDAY - 32 * HOUR)).toMatchObject({ basis: 'last-events', labelled: 4_800 })
    expect(ask(MONDAY - 2 * DAY)).toMatchObject({ basis: 'since-change', labelled: 4_800 })
    expect(ask(MONDAY - 1.5 * DAY, {}, null, null)).toMatchObject({ basis: 'since-change', labelled: 3_600 })
  })

  it('is not filled up across a broken stretch, nor where there is nothing before the change', () => {
    const broken = [days(-1.9, -1.5)]
    expect(ask(MONDAY - 1.5 * DAY, { broken })).toMatchObject({
      basis: 'since-change',
      training: days(-1.5, 0),
    })
    const newborn = suggestedRange(
      MONDAY - 1.5 * DAY,
      observation(MONDAY, {
        labelledIn: ({ fromMs, toMs }) => hourly({ fromMs: Math.max(fromMs, MONDAY - 1.9 * DAY), toMs }),
      }),
      policy(ON_PERFORMANCE, { minimumSample: 4_800, holdoutShare: 0.3 }),
    )
    expect(newborn).toMatchObject({ basis: 'since-change', labelled: 3_600 })
  })

  it('leaves out what lies before a known fall where nothing is answered and enough lies after it', () => {
    const fall = findingLike({ detector: 'performance', statistic: 'accuracy', verdict: 'drifted' })
    const fell = (changedAt: number, over: Partial<OpenEpisode> = {}) => [
      episode({ diagnosis: 'check-labels', changedAt, findings: [fall], ...over }),
    ]
    const since = ask(null, { openEpisodes: fell(MONDAY - 3 * DAY) })
    expect(since).toMatchObject({ basis: 'since-change', training: days(-3, 0), learnedAfterChange: 0 })
    expect(ask(null, { openEpisodes: fell(MONDAY - 3 * DAY) }, 9_600)).toEqual(since)

    const usual = ask(null)
    for (const openEpisodes of [
      // Less than the minimum after it.
      fell(MONDAY - 1.9 * DAY),
      // Older than the range.
      fell(MONDAY - 11 * DAY),
      // Nothing measured fell.
      fell(MONDAY - 3 * DAY, { findings: [{ ...fall, detector: 'estimated-performance' }] }),
      fell(MONDAY - 3 * DAY, { findings: [{ ...fall, verdict: 'stable' }] }),
      fell(MONDAY - 3 * DAY, { concern: 'data' }),
    ]) {
      expect(ask(null, { openEpisodes })).toEqual(usual)
    }
  })

  it('is the newest stretch between broken ones that holds enough', () => {
    expect(ask(null, { broken: [days(-12, -9), days(-6, -5)] }).training).toEqual(days(-5, 0))
    expect(ask(null, { broken: [days(-6, -1)] }).training).toEqual(days(-10, -6))
    expect(ask(null, { broken: [days(-8, -7), days(-5, -4), days(-2, -1)] }).training).toEqual(days(-4, -2))
  })

  it('is the fullest where none holds enough, and empty where none is left or labelled yet', () => {
    expect(ask(MONDAY - 3 * DAY, { broken: [days(-2.5, -1.5)] })).toMatchObject({
      training: days(-1.5, 0),
      labelled: 3_600,
    })
    for (const empty of [
      ask(MONDAY - DAY, { broken: [days(-2, 0)] }),
      ask(MONDAY - DAY, { labelledUntil: MONDAY - 2 * DAY }),
    ]) {
      expect(empty.labelled).toBe(0)
      expect(empty.training.toMs).toBe(empty.training.fromMs)
    }
  })
})
