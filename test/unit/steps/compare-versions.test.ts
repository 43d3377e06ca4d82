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

/** The candidate's reference so many records behind the next delta, as a broker may hand topics out. */
function referenceLast(records: readonly RecordedRecord[], behind: number): RecordedRecord[] {
  const first = records.findIndex(({ topic }) => topic === 'references')
  const late = records.findIndex(({ topic }, index) => topic === 'references' && index > first)
  const next = records.findIndex(({ topic }, index) => topic === 'sketches' && index > late)
  expect(records.slice(late, next).some(({ topic }) => topic === 'deployments')).toBe(true)
  const to = next + behind
  return [...records.slice(0, late), ...records.slice(late + 1, to), records[late]!, ...records.slice(to)]
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
})
