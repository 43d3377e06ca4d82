import { describe, expect, it } from 'vitest'
import { autocorrelatedCheck } from '../../../bench/accuracy/autocorrelated.ts'
import { budgetCheck } from '../../../bench/accuracy/budget.ts'
import { cbpeCheck } from '../../../bench/accuracy/cbpe.ts'
import type { Check, CheckSettings } from '../../../bench/accuracy/check.ts'
import { outcomesCheck } from '../../../bench/accuracy/outcomes.ts'
import { peersCheck } from '../../../bench/accuracy/peers.ts'
import { powerCheck } from '../../../bench/accuracy/power.ts'
import { type1Check } from '../../../bench/accuracy/type1.ts'

const said: string[] = []
const SETTINGS: CheckSettings = {
  quick: true,
  scale: 1,
  data: null,
  seed: 1,
  workers: 2,
  minutes: null,
  checkpoints: null,
  say: (line) => said.push(line),
}

/** The small runs, with as many standard errors granted as their few windows ask for. */
const CHECKS: readonly Check[] = [
  type1Check,
  outcomesCheck,
  powerCheck,
  budgetCheck,
  autocorrelatedCheck,
  cbpeCheck,
  peersCheck,
]

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

  it('says aloud which recorded stream was not there', () => {
    expect(said.filter((line) => line.includes('SKIPPED electricity'))).toHaveLength(1)
  })
})
