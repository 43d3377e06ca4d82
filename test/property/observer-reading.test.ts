import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { MAPPINGS } from '../support/event-records.ts'
import { observeTwice } from '../support/observer-twins.ts'

/** The default half of the time. */
const mappings = fc.oneof(fc.constant(DEFAULT_MAPPING), fc.constantFrom(...MAPPINGS))

describe('an observer that reads records without parsing them', () => {
  it('writes every delta, sample and dead letter as one that parses everything', async () => {
    let records = 0
    let readCount = 0
    let deadLetters = 0
    await fc.assert(
      fc.asyncProperty(mappings, fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (mapping, seed) => {
        const result = await observeTwice(mapping, seed)
        expect(result.written).toEqual(result.parsing)
        records += result.records
        readCount += result.readCount
        deadLetters += result.deadLetters
      }),
      { numRuns: 25 },
    )
    // Neither way is there in name only.
    expect(readCount / records).toBeGreaterThan(0.3)
    expect(deadLetters / records).toBeGreaterThan(0.1)
    expect(deadLetters / records).toBeLessThan(0.7)
  })
})
