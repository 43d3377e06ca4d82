import { describe, expect, it } from 'vitest'
import { compileLayout, layoutOf } from '../../../src/sketches/block-layout.ts'
import type { SketchDelta } from '../../../src/sketches/delta.ts'
import { addFeatures, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import { addOutcome } from '../../../src/sketches/performance-counts.ts'
import { detectDelta, detectDeployment, detectReference, detectWish } from '../../../src/steps/detect.ts'
import { createDetectState, type DetectContext } from '../../../src/steps/detect-state.ts'
import { emptyStreamCounts } from '../../../src/steps/observe.ts'
import { judgedFeatures } from '../../../src/windows/window-store.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'
import { smallReferenceOf } from '../../support/small-reference.ts'
import { deployment } from '../../support/trigger-inputs.ts'

const MINUTE_MS = 60_000
const start = Date.UTC(2027, 0, 1)
const context = (taskCount: number): DetectContext => ({
  stream: smallStream,
  models: new Map([['small', smallModel]]),
  taskCount,
})
const reference = smallReferenceOf({
  createdAt: start,
  rows: () =>
    Array.from({ length: 2000 }, (_, i) => ({
      features: { x: i / 2000, c: 'abc'[i % 3]! },
      prediction: i % 2,
      score: i % 2 === 1 ? 0.8 : 0.2,
      label: i % 10 === 0 ? 1 - (i % 2) : i % 2,
    })),
})

/** One pane of 200 events; in a broken one the category is missing, in a bad one every label is wrong. */
function pane(
  task: number,
  flush: number,
  minute: number,
  kind: 'good' | 'broken' | 'bad' = 'good',
): SketchDelta {
  const sketch = createPaneSketch('binary')
  for (let i = 0; i < 200; i++) {
    addFeatures(
      sketch,
      layoutOf(reference),
      { x: ((i * 7) % 200) / 200, c: kind === 'broken' ? null : 'abc'[i % 3]! },
      `m${minute}-${i}`,
    )
    const prediction = i % 2
    const label = (i % 10 === 0) !== (kind === 'bad') ? 1 - prediction : prediction
    addOutcome(sketch.performance, {
      prediction,
      score: prediction === 1 ? 0.8 : 0.2,
      label,
      positiveLabel: '1',
    })
  }
  const paneStart = start + minute * MINUTE_MS
  return {
    task,
    flush,
    part: 0,
    parts: 1,
    sources: [
      { topic: 'features', partition: task, from: flush * 200, to: (flush + 1) * 200, readUntil: paneStart },
    ],
    watermark: paneStart + MINUTE_MS,
    idle: false,
    stream: emptyStreamCounts(),
    entries: [{ model: 'small', version: '1', paneStart, referenceId: reference.id, sketch }],
  }
}

describe('detectDelta', () => {
  it('judges nothing before every task has spoken, and then what all of them have passed', () => {
    const state = createDetectState()
    detectReference(state, reference, context(2))
    for (let minute = 0; minute < 5; minute++) detectDelta(state, pane(0, minute, minute), context(2))
    expect(state.closedUntil).toBeNull()
    detectDelta(state, pane(1, 0, 2), context(2))
    expect(state.closedUntil).toBe(start + 3 * MINUTE_MS)
  })

  it('judges no window that reaches back before the first pane of the version', () => {
    const state = createDetectState()
    detectReference(state, reference, context(1))
    // The quality window is two minutes long: the broken first minute alone fills half of it.
    expect(detectDelta(state, pane(0, 0, 0, 'broken'), context(1)).drift).toEqual([])
    const { drift } = detectDelta(state, pane(0, 1, 1, 'broken'), context(1))
    expect(drift).toMatchObject([{ concern: 'data', state: 'started', diagnosis: 'fix-data' }])
  })

  it('calls a fall in performance inside a broken stretch the pipe’s, and one outside it a reason to retrain', () => {
    const diagnoses = (kinds: readonly ('good' | 'broken' | 'bad')[]) => {
      const state = createDetectState()
      detectReference(state, reference, context(1))
      return kinds.flatMap((kind, minute) => [
        ...detectDelta(state, pane(0, minute, minute, kind), context(1)).drift,
      ])
    }
    const good = Array(12).fill('good')
    const bad = Array(6).fill('bad')
    const performance = (events: ReturnType<typeof diagnoses>) =>
      events.find(({ concern, state }) => concern === 'performance' && state === 'started')
    expect(performance(diagnoses([...good, ...bad]))).toMatchObject({ diagnosis: 'retrain' })
    expect(performance(diagnoses([...good, 'broken', 'broken', ...bad]))).toMatchObject({
      diagnosis: 'fix-data',
    })
  })

  it('drops counts that do not fit the reference they name, says so, and takes the rest of the delta', () => {
    const misfit = (paneStart: number) => {
      const sketch = createPaneSketch('binary')
      addFeatures(sketch, compileLayout(new Map()), {}, 'a')
      return { model: 'small', version: '1', paneStart, referenceId: reference.id, sketch }
    }
    for (const isKnown of [true, false]) {
      const state = createDetectState()
      if (isKnown) detectReference(state, reference, context(1))
      // The misfit comes first: what it is counted on must not become what the others are held against.
      const delta = pane(0, 0, 0)
      const both = { ...delta, entries: [misfit(start), ...delta.entries] }
      const dropped = [...detectDelta(state, both, context(1)).dropped]
      if (!isKnown) detectReference(state, reference, context(1))
      dropped.push(...detectDelta(state, pane(0, 1, 1), context(1)).dropped)
      expect(dropped).toEqual([{ model: 'small', version: '1', paneStart: start, reason: 'misfit' }])
      expect(state.models.get('small')!.dropped).toEqual({ misfit: 1, over: 0 })
      const { store } = state.models.get('small')!.windows.values().next().value!
      const quality = judgedFeatures(store).find(({ baseMs }) => baseMs === smallModel.windows.qualityMs)!
      expect(quality.windows[0]!.sketch!.events).toBe(400)
    }
  })

  it('counts what comes after every window has left its pane behind', () => {
    const state = createDetectState()
    detectReference(state, reference, context(1))
    detectDelta(state, pane(0, 0, 0), context(1))
    detectDelta(state, pane(0, 1, 600), context(1))
    const late = { ...pane(0, 2, 0), watermark: start + 600 * MINUTE_MS }
    expect(detectDelta(state, late, context(1)).dropped).toEqual([
      { model: 'small', version: '1', paneStart: start, reason: 'over' },
    ])
    expect(state.models.get('small')!.dropped).toEqual({ misfit: 0, over: 1 })
  })

  it('finds in a longer window what a shorter one cannot, names it, and dates it', () => {
    const longer = { ...smallModel, windows: { ...smallModel.windows, longestMs: 40 * MINUTE_MS } }
    const told = (model: typeof smallModel) => {
      const only = { ...context(1), models: new Map([['small', model]]) }
      const state = createDetectState()
      detectReference(state, reference, only)
      // A category takes over slowly enough that ten minutes alone are too few values to be sure.
      const few = (minute: number) => {
        const { entries, ...delta } = pane(0, minute, minute)
        const sketch = createPaneSketch('binary')
        for (let i = 0; i < 15; i++) {
          const c = minute >= 20 && i % 5 < 2 ? 'a' : 'abc'[i % 3]!
          addFeatures(
            sketch,
            layoutOf(reference),
            { x: ((7 * (minute * 15 + i)) % 200) / 200, c },
            `${minute}-${i}`,
          )
        }
        return { ...delta, entries: [{ ...entries[0]!, sketch }] }
      }
      return Array.from({ length: 80 }, (_, minute) => detectDelta(state, few(minute), only).drift).flat()
    }
    expect(told({ ...longer, windows: { ...longer.windows, longestMs: 10 * MINUTE_MS } })).toEqual([])
    const [first] = told(longer)
    expect(first).toMatchObject({ concern: 'data', state: 'started', diagnosis: 'watch' })
    const { fromMs, toMs } = first!.findings[0]!.window!
    expect(first!.window).toEqual({ fromMs, toMs })
    expect(toMs - fromMs).toBeGreaterThan(10 * MINUTE_MS)
    expect(first!.changedAt).toBe(start + 20 * MINUTE_MS)
  })

  it('drops a delta it has merged before, and reports the offsets that are missing', () => {
    const state = createDetectState()
    detectReference(state, reference, context(1))
    detectDelta(state, pane(0, 0, 0), context(1))
    expect(detectDelta(state, pane(0, 0, 0), context(1)).overlap).toBe(true)
    expect(detectDelta(state, pane(0, 2, 2), context(1)).gaps).toEqual([
      { topic: 'features', partition: 0, from: 200, to: 400 },
    ])
    const { store } = state.models.get('small')!.windows.values().next().value!
    const quality = judgedFeatures(store).find(({ baseMs }) => baseMs === smallModel.windows.qualityMs)!
    expect(quality.windows[0]).toMatchObject({ toMs: start + 3 * MINUTE_MS, sketch: { events: 200 } })
  })

  it('counts the cooldown in stream time: a replay under a live clock asks again when it is over', () => {
    const policy = { ...smallModel.policy, cooldownMs: 10 * MINUTE_MS, minimumSample: 0 }
    const only = { ...context(1), models: new Map([['small', { ...smallModel, policy }]]) }
    const state = createDetectState()
    detectReference(state, reference, only)
    const asked: number[] = []
    for (let minute = 0; minute < 50; minute++) {
      const { requests } = detectDelta(state, pane(0, minute, minute, minute < 12 ? 'good' : 'bad'), only)
      for (const { id } of requests) {
        asked.push(minute)
        const years = 4 * 365 * 24 * 60 * MINUTE_MS
        detectDeployment(state, deployment(id, 'training', start + years, 'small'), only)
        detectDeployment(state, deployment(id, 'rejected', start + years, 'small'), only)
      }
    }
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.slice(1).map((minute, index) => minute - asked[index]!)).toEqual(
      asked.slice(1).map(() => 10),
    )
  })

  it('asks for what a person wishes when the next pane closes, whatever the policy says', () => {
    const only = { ...context(1), models: new Map([['small', smallModel]]) }
    const state = createDetectState()
    detectReference(state, reference, only)
    const wish = { model: 'small', id: 'w1', by: 'ann', reason: 'new prices', at: start + 1e12 }
    const asked = Array.from({ length: 30 }, (_, minute) => {
      if (minute === 20) detectWish(state, wish, only)
      return detectDelta(state, pane(0, minute, minute), only).requests.map(({ trigger }) => [
        minute,
        trigger.kind,
      ])
    })
    expect(asked.flat()).toEqual([[20, 'manual']])
    expect(detectWish(state, { ...wish, model: 'unknown' }, only).requests).toEqual([])
    expect([...state.models.keys()]).toEqual(['small'])
  })
})
