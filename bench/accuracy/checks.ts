import { autocorrelatedCheck } from './autocorrelated.ts'
import { budgetCheck } from './budget.ts'
import { cbpeCheck } from './cbpe.ts'
import type { Check } from './check.ts'
import { delayCheck } from './delay.ts'
import { featureDelayCheck } from './feature-delay.ts'
import { outcomesCheck } from './outcomes.ts'
import { peersCheck } from './peers.ts'
import { powerCheck } from './power.ts'
import { type1Check } from './type1.ts'

/** All checks, in the order in which they run. A new one is a file with a `Check` and a line here. */
export const CHECKS: readonly Check[] = [
  type1Check,
  outcomesCheck,
  powerCheck,
  budgetCheck,
  autocorrelatedCheck,
  cbpeCheck,
  peersCheck,
  delayCheck,
  featureDelayCheck,
]

/**
 * The checks named in `--check`, all without it.
 * Throws where a name is not that of a check.
 */
export function chooseChecks(names: string | undefined): readonly Check[] {
  if (names === undefined) return CHECKS
  return names.split(',').map((name) => {
    const check = CHECKS.find(({ id }) => id === name)
    if (check === undefined) {
      throw new Error(`expected checks of ${CHECKS.map(({ id }) => id).join(', ')}, got "${name}"`)
    }
    return check
  })
}
