import { describe, expect, it } from 'vitest'
import type { RolloutOptions } from '../../../src/retraining/rollout-options.ts'
import { createDetectState } from '../../../src/steps/detect-state.ts'
import { detectRecord, type RecordedRecord, recordedSmall } from '../../support/recorded-small.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const MINUTE_MS = 60_000

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 24,
  eventsPerMinute: 120,
  seed: 4,
}

const straight: RolloutOptions = {
  shadow: null,
  canary: null,
  watch: { durationMs: 5 * MINUTE_MS },
  harm: 0.05,
  proof: 0.05,
  margin: 0.01,
}

const careful: RolloutOptions = {
  ...straight,
  shadow: { minimumMs: MINUTE_MS, maximumMs: 5 * MINUTE_MS, labelledMin: 60, onTimeout: 'continue' },
  canary: {
    steps: [0.3, 0.6],
    stepMinimumMs: 2 * MINUTE_MS,
    maximumMs: 8 * MINUTE_MS,
    labelledMin: 20,
    onTimeout: 'promote',
  },
  // No stage ends by proof: all of them are played.
  proof: 1e-300,
}

/** The candidate's reference so many records behind the next delta, as a broker may hand topics out. */
function referenceLast(records: readonly RecordedRecord[], behind: number): RecordedRecord[] {
  const first = records.findIndex(({ topic }) => topic === 'references')
  const late = records.findIndex(({ topic }, index) => topic === 'references' && index > first)
  const next = records.findIndex(({ topic }, index) => topic === 'sketches' && index > late)
  expect(records.slice(late, next).some(({ topic }) => topic === 'deployments')).toBe(true)
  const to = next + behind
  return [...records.slice(0, late), ...records.slice(late + 1, to), records[late]!, ...records.slice(to)]
}

/** Every stage so many sketches before where it was written, as a detector with a backlog reads of it. */
function stagesEarly(records: readonly RecordedRecord[], sketches: number): RecordedRecord[] {
  const early: RecordedRecord[] = []
  for (const record of records) {
    if (record.topic !== 'deployments') early.push(record)
    else early.splice(Math.max(0, early.length - sketches), 0, record)
  }
  return early
}

describe('a comparison', () => {
  it('is the same whether a promoted version or its reference is read first', async () => {
    const { records, context } = await recordedSmall(world, { rollout: straight }, 60)
    const tell = (order: readonly RecordedRecord[]) => {
      const state = createDetectState()
      return order.flatMap((record) => detectRecord(state, record, context).comparisons)
    }
    const told = tell(records)
    expect(told.length).toBeGreaterThanOrEqual(5)
    expect(tell(referenceLast(records, 0))).toEqual(told)
    // With losses in it is too late: what they were held against stays.
    const unpromised = tell(referenceLast(records, records.length))
    expect(unpromised).not.toEqual(told)
    const late = tell(referenceLast(records, 30))
    expect(late.slice(0, 3)).toEqual(unpromised.slice(0, 3))
    expect(late.at(-1)).toEqual(unpromised.at(-1))
  })

  /** Whatever it lags behind by: nobody can answer with a version before it is told of it. */
  it('begins behind the events that were written before its stage, however early it is read of', async () => {
    const { records, context } = await recordedSmall(world, { rollout: careful }, 60)
    const tell = (order: readonly RecordedRecord[]) => {
      const state = createDetectState()
      return order.flatMap((record) => detectRecord(state, record, context).comparisons)
    }
    const told = tell(records)
    expect(told.map(({ stage, step }) => `${stage} ${step}`)).toEqual(
      expect.arrayContaining(['shadow 0', 'canary 0', 'canary 1', 'watch 0']),
    )
    expect(told.flatMap(({ checks }) => checks).some(({ failed }) => failed)).toBe(false)
    const byId = new Map(told.map((comparison) => [comparison.id, comparison]))
    for (const behind of [1, 7, 20]) {
      // Who reads of the next stage tells no more of the one before: what is told is the same.
      const early = tell(stagesEarly(records, behind))
      expect(early).toEqual(early.map(({ id }) => byId.get(id)))
      expect(early.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['canary', 'watch']))
    }
  })
})
