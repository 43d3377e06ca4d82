import { describe, expect, it } from 'vitest'
import { kafkaId } from '../../../../tools/kafka/broker.ts'

describe('kafkaId', () => {
  it('is no option to a command line', () => {
    // One in 64 would begin with a dash: of 5,000 none by chance has probability 1e-34.
    for (let draw = 0; draw < 5_000; draw++) expect(kafkaId()).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/)
  })
})
