import type { Allotment } from './budget.ts'
import { decimal } from './wording.ts'

const DAY_MS = 86_400_000

/** How many base windows tell the scatter of windows well enough to judge by it. */
export const PANES_MIN = 30

/**
 * The promise of a budget in words, with what it assumes. `panes` is how many base windows of its own rows
 * the reference knows; 0 where it knows none.
 */
export function guaranteeOf({ falseRetrains, perMs }: Allotment, panes: number): string {
  const promise = `At most ${decimal(falseRetrains)} false ${falseRetrains === 1 ? 'alarm' : 'alarms'} expected in ${decimal(perMs / DAY_MS)} days`
  if (panes >= PANES_MIN) {
    return `${promise}, if base windows without a change are exchangeable with the ${panes} of the reference: scatter from window to window is priced in, a season that the reference has not seen is not.`
  }
  const known =
    panes === 0
      ? 'The reference knows no base windows'
      : `The reference knows ${panes} base windows, fewer than ${PANES_MIN}`
  return `${promise}, if rows without a change are independent draws from the reference's world. ${known}, so dependence between rows (a daily cycle, a batch) is not priced in and can raise more.`
}
