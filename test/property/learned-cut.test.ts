import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { viewOf } from '../../src/events/feature-event-view.ts'
import { decodeReferenceSample, encodeReferenceSample } from '../../src/sketches/reference-sample-codec.ts'
import type { Reference } from '../../src/sketches/types.ts'
import { detectDelta, detectSample } from '../../src/steps/detect.ts'
import { createDetectState } from '../../src/steps/detect-state.ts'
import { createObserveState, observeFeature, takeEntries } from '../../src/steps/observe.ts'
import { smallModel, smallStream } from '../support/small-options.ts'

const models = new Map([['small', { ...smallModel, learning: { cutAt: 60, countUntil: 1_000 } }]])
const observing = { stream: smallStream, models, referenceOf: () => null }

/** Twenty events a minute for eight minutes. */
const events: readonly FeatureEvent[] = Array.from({ length: 160 }, (_, at) => ({
  model: 'small',
  version: '1',
  id: `event-${at}`,
  at: at * 3_000,
  features: { x: (at * 37) % 101, c: `k${at % 7}` },
  prediction: at % 2,
}))

/**
 * Plays the events through observer tasks that flush when they are told to, and a detector; a task that
 * restarts has forgotten what it sampled. What was cut, and when.
 */
function cutOf(
  taskCount: number,
  taskOf: (at: number) => number,
  flushAt: ReadonlySet<number>,
  restartAt: ReadonlySet<number>,
): Reference[] {
  const context = { stream: smallStream, models, taskCount }
  const detector = createDetectState()
  const tasks = Array.from({ length: taskCount }, (_, task) => createObserveState(task))
  const read = tasks.map(() => 0)
  const folded = tasks.map(() => 0)
  const cuts: Reference[] = []
  const flush = (task: number) => {
    const state = tasks[task]!
    for (const sample of state.sampler.take(task, () => false)) {
      for (const bytes of encodeReferenceSample(sample)) {
        detectSample(detector, decodeReferenceSample(bytes), context)
      }
    }
    const sources = [
      {
        topic: 'features',
        partition: task,
        from: read[task]!,
        to: folded[task]!,
        readUntil: state.watermark,
      },
    ]
    read[task] = folded[task]!
    const delta = { ...takeEntries(state), task, part: 0, parts: 1, sources, idle: false }
    cuts.push(...detectDelta(detector, { ...delta, watermark: state.watermark }, context).references)
  }
  for (const [at, event] of events.entries()) {
    const task = taskOf(at) % taskCount
    observeFeature(tasks[task]!, viewOf(event), { offset: 0, timestamp: event.at, counted: true }, observing)
    folded[task]!++
    if (flushAt.has(at)) flush(task)
    if (!restartAt.has(at)) continue
    flush(task)
    tasks[task] = { ...createObserveState(task), watermark: tasks[task]!.watermark }
  }
  for (let task = 0; task < taskCount; task++) flush(task)
  return cuts
}

describe('a reference cut from the stream', () => {
  it('is the same whatever the partitions, the flushes and the restarts', () => {
    const [expected] = cutOf(1, () => 0, new Set(), new Set())
    expect(expected).toMatchObject({ stage: 'cut' })
    const places = fc.uniqueArray(fc.nat(events.length - 1), { maxLength: 40 })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat(3), { minLength: events.length, maxLength: events.length }),
        places,
        places,
        (taskCount, tasks, flushes, restarts) => {
          // The last round reaches every task, or one without events would hold the clock.
          const taskOf = (at: number) => (at >= events.length - taskCount ? at : tasks[at]!)
          const cuts = cutOf(taskCount, taskOf, new Set(flushes), new Set(restarts))
          expect(cuts).toEqual([expected])
        },
      ),
    )
  })
})
