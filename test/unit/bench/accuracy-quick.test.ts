import { describe, expect, it } from 'vitest'
import type { Check, CheckSettings } from '../../../bench/accuracy/check.ts'
import { powerCheck } from '../../../bench/accuracy/power.ts'
import { type1Check } from '../../../bench/accuracy/type1.ts'

const SETTINGS: CheckSettings = {
  quick: true,
  scale: 1,
  data: null,
  seed: 1,
  workers: 2,
  checkpoints: null,
  say: () => {},
}

/** The small runs, with as many standard errors granted as their few windows ask for. */
const CHECKS: readonly Check[] = [type1Check, powerCheck]

describe('quick proofs of accuracy', () => {
  it.each(CHECKS.map((check) => [check.id, check] as const))(
    '%s',
    async (_, check) => {
      const { lines } = await check.run(SETTINGS)
      expect(lines.filter(({ goal }) => goal !== null).length).toBeGreaterThan(0)
      expect(lines.filter(({ met }) => met === false)).toEqual([])
    },
    120_000,
  )
})
