import { DriftstreamError } from '../errors/driftstream-error.ts'

/** n values, their sum and the sum of their squares. */
export interface Sums {
  readonly sum: number
  readonly squares: number
  readonly n: number
}

/**
 * What is known of the difference of two mean losses, second minus first, after any number of blocks. For a
 * stake s and a difference m the evidence is s (rise - weight m), less what the spread costs: a quadratic in m.
 * Five sums, so that it can be held against any m at any time. Plain data.
 */
export interface DifferenceEvidence {
  rise: number
  weight: number
  /** Sum of squared deviations at m: spread[0] + spread[1] m + spread[2] m^2. */
  readonly spread: [number, number, number]
}

/** No difference beyond this one, either way, can be asked for, in the unit of the losses' greatest. */
export const DIFFERENCE_MAX = 0.2

/**
 * The best stake is the difference over the variance of one pair. These reach from differences of a fiftieth
 * of the variance to twice of it and more; a mixture of eight costs at most ln 8 of evidence.
 */
const STAKES = [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64]

/** What a squared deviation costs at each stake, for deviations from -(1 + DIFFERENCE_MAX) up. */
const COSTS = STAKES.map((stake) => {
  const most = stake * (1 + DIFFERENCE_MAX)
  return (-Math.log1p(-most) - most) / (most * most)
})

/** Nothing has been seen. */
export function createDifferenceEvidence(): DifferenceEvidence {
  return { rise: 0, weight: 0, spread: [0, 0, 0] }
}

/**
 * Adds a block of pairs: differences, second minus first, of two losses of one event, each loss from 0 to 1.
 * Order within the block does not matter.
 */
export function addPairs(evidence: DifferenceEvidence, { sum, squares, n }: Sums): void {
  evidence.rise += sum
  evidence.weight += n
  evidence.spread[0] += squares
  evidence.spread[1] -= 2 * sum
  evidence.spread[2] += n
}

/**
 * Adds a block of two samples of losses from 0 to 1 that were drawn by chance from the same events; their
 * sizes may differ, and from block to block. A block that lacks one of the two says nothing.
 *
 * Each sample is weighted by the other's share of the block, so that the mean they have in common, which may
 * drift from block to block, cancels: the product of (1 + s w_2 (y - m - c)) over the second and
 * (1 - s w_1 (y - c)) over the first has a mean of at most 1, by the inequality of the means, whatever the
 * common mean is. `centre` costs evidence where it is far from that mean, and never validity; it must be known
 * before the block.
 * Source: block-wise e-variables for two samples as in Turner, Ly and Grünwald, Journal of Statistical
 * Planning and Inference 230 (2024), with linear bets for bounded values as in Waudby-Smith and Ramdas, JRSS B
 * 86 (2024).
 */
export function addSamples(evidence: DifferenceEvidence, first: Sums, second: Sums, centre: number): void {
  const n = first.n + second.n
  if (first.n === 0 || second.n === 0) return
  const [ofFirst, ofSecond] = [second.n / n, first.n / n]
  const squaresAround = ({ sum, squares, n: count }: Sums): number =>
    squares - 2 * centre * sum + count * centre * centre
  evidence.rise += ofSecond * second.sum - ofFirst * first.sum
  evidence.weight += (first.n * second.n) / n
  evidence.spread[0] += ofSecond ** 2 * squaresAround(second) + ofFirst ** 2 * squaresAround(first)
  evidence.spread[1] -= 2 * ofSecond ** 2 * (second.sum - second.n * centre)
  evidence.spread[2] += ofSecond ** 2 * second.n
}

/**
 * ln of the evidence against "the second's mean loss exceeds the first's by at most `difference`". Its mean is
 * at most 1 while that is so in every block, at every time: it passes 1 / alpha, ever, with a probability of at
 * most alpha (Ville).
 *
 * A mixture of fixed stakes s of exp(x - cost x^2) <= 1 + x, x = s times a deviation.
 * Source: Fan, Grama and Liu, Electronic Journal of Probability 20 (2015), for the inequality; Howard, Ramdas,
 * McAuliffe and Sekhon, Annals of Statistics 49 (2021), for evidence that holds at every time.
 * @param difference from -DIFFERENCE_MAX to DIFFERENCE_MAX
 * @throws STATE_IMPOSSIBLE for a difference beyond these
 */
export function logEvidenceAbove(evidence: DifferenceEvidence, difference: number): number {
  return mixture(evidence, difference, 1)
}

/** ln of the evidence against "the second's mean loss exceeds the first's by at least `difference`"; as above. */
export function logEvidenceBelow(evidence: DifferenceEvidence, difference: number): number {
  return mixture(evidence, difference, -1)
}

/** Differences that are looked at before the ends are bisected. */
const GRID = 80

/**
 * Bounds that hold the difference at all times at once with probability 1 - `level`; null on a side where
 * differences as large as DIFFERENCE_MAX cannot be excluded yet.
 * Source: Waudby-Smith and Ramdas, JRSS B 86 (2024): the differences whose evidence has not refuted them.
 */
export function differenceBounds(
  evidence: DifferenceEvidence,
  level: number,
): { readonly lower: number | null; readonly upper: number | null } {
  const threshold = Math.log(2 / level)
  return {
    lower: edge((m) => logEvidenceAbove(evidence, m) < threshold, -DIFFERENCE_MAX, DIFFERENCE_MAX),
    upper: edge((m) => logEvidenceBelow(evidence, m) < threshold, DIFFERENCE_MAX, -DIFFERENCE_MAX),
  }
}

/** The first difference from `from` on that is not refuted; null where `from` itself is not. */
function edge(isKept: (difference: number) => boolean, from: number, to: number): number | null {
  if (isKept(from)) return null
  let refuted = from
  for (let step = 1; step <= GRID; step++) {
    const next = from + ((to - from) * step) / GRID
    if (!isKept(next)) {
      refuted = next
      continue
    }
    let kept = next
    for (let round = 0; round < 30; round++) {
      const middle = (refuted + kept) / 2
      if (isKept(middle)) kept = middle
      else refuted = middle
    }
    return refuted
  }
  return to
}

function mixture({ rise, weight, spread }: DifferenceEvidence, difference: number, sign: 1 | -1): number {
  if (!(Math.abs(difference) <= DIFFERENCE_MAX)) {
    throw new DriftstreamError(
      'STATE_IMPOSSIBLE',
      `expected a difference of at most ${DIFFERENCE_MAX} either way, got ${difference}`,
    )
  }
  const deviation = sign * (rise - weight * difference)
  const squared = spread[0] + spread[1] * difference + spread[2] * difference * difference
  let highest = Number.NEGATIVE_INFINITY
  const logs = STAKES.map((stake, at) => {
    const log = stake * deviation - COSTS[at]! * stake * stake * squared
    highest = Math.max(highest, log)
    return log
  })
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / STAKES.length)
}
