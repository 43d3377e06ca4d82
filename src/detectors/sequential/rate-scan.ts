import { logHypergeometricUpper } from '../../statistics/hypergeometric-tail.ts'

/** Errors and outcomes of the newest panes, oldest overwritten. Plain data. */
export interface RateScan {
  readonly reference: { readonly errors: number; readonly n: number }
  /** Level of a single test: the budget over looks and window lengths. */
  readonly alpha: number
  readonly errors: Float64Array
  readonly outcomes: Float64Array
  /** Panes seen. */
  panes: number
  /** The smallest p-value of the last look, and the window of so many panes that has it. */
  pValue: number
  windowPanes: number
  warning: boolean
  drift: boolean
}

/**
 * Watches an error rate for a rise in windows of 1, 2, 4, … 2^(levels - 1) panes that end now.
 *
 * At most `falseAlarms` false alarms are expected in `looks` looks: each test gets falseAlarms / (looks
 * levels), and a sum of expectations needs no independence. The reference's own error is in the test, which
 * compares two samples, so windows should not hold more outcomes than the reference does.
 */
export function createRateScan(
  reference: { readonly errors: number; readonly n: number },
  levels: number,
  { falseAlarms, looks }: { readonly falseAlarms: number; readonly looks: number },
): RateScan {
  const panes = 2 ** (levels - 1)
  return {
    reference,
    alpha: falseAlarms / (looks * levels),
    errors: new Float64Array(panes),
    outcomes: new Float64Array(panes),
    panes: 0,
    pValue: 1,
    windowPanes: 0,
    warning: false,
    drift: false,
  }
}

/**
 * Takes a pane's outcomes, `errors` of n, and says whether the rate rose in any window; the state is changed
 * and returned.
 *
 * One-sided exact test (Fisher's) of each window against the reference; warns from ten times the level on.
 * A window longer than what has been seen is not judged.
 */
export function updateRateScan(state: RateScan, errors: number, n: number): RateScan {
  const capacity = state.errors.length
  const newest = state.panes % capacity
  state.errors[newest] = errors
  state.outcomes[newest] = n
  state.panes += 1
  state.pValue = 1
  state.windowPanes = 0
  let windowErrors = 0
  let windowOutcomes = 0
  const seen = Math.min(state.panes, capacity)
  for (let panes = 1, level = 1; panes <= seen; panes++) {
    const place = (newest - panes + 1 + capacity) % capacity
    windowErrors += state.errors[place]!
    windowOutcomes += state.outcomes[place]!
    if (panes !== level) continue
    level *= 2
    const pValue = risePValue(windowErrors, windowOutcomes, state.reference)
    if (pValue < state.pValue) {
      state.pValue = pValue
      state.windowPanes = panes
    }
  }
  state.drift = state.pValue <= state.alpha
  state.warning = !state.drift && state.pValue <= 10 * state.alpha
  return state
}

function risePValue(errors: number, n: number, reference: { errors: number; n: number }): number {
  if (errors * reference.n <= reference.errors * n) return 1
  return Math.exp(logHypergeometricUpper(errors, errors + reference.errors, n, reference.n))
}
