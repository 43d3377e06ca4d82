import { describe, expect, it } from 'vitest'
import { fuzzDecoders } from '../support/fuzz-decoders.ts'
import { FUZZ_SUBJECTS } from '../support/fuzz-subjects.ts'

describe.each(FUZZ_SUBJECTS.map((subject) => [subject.name, subject] as const))(
  'the decoder: %s',
  (_, subject) => {
    it('takes what is sound, and refuses the rest with a code, never otherwise', async () => {
      const runs = subject.name === 'config' ? 40 : 1_500
      const result = await fuzzDecoders({ runs, seed: 20_261_123 }, [subject])
      expect(result.shown).toEqual([])
      expect(result.accepted).toBeGreaterThan(runs / 20)
      expect(result.refused).toBeGreaterThan(runs / 10)
    })
  },
)
