import { expect, it } from 'vitest'
import { fuzzExtract } from '../support/fuzz-extract.ts'

// The long run is `npm run fuzz:extract`; it prints its seed and what differs.
it.each([1, 2])('the extractors say what the decoder says, whatever the bytes (seed %i)', (seed) => {
  const { structured, structuredRead, differences, shown } = fuzzExtract({ runs: 10_000, seed })
  expect(shown).toEqual([])
  expect(differences).toBe(0)
  // A run in which everything was decoded would prove nothing.
  expect(structuredRead / structured).toBeGreaterThan(0.3)
})
