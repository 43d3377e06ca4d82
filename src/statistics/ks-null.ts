import { type Counts, total } from './count-totals.ts'
import { kolmogorovSurvival } from './ks-on-grid.ts'
import type { Random } from './random.ts'

/** Below this many draws above λ the simulated share is too rough, and the tail's shape takes over. */
const DRAWS_ABOVE_MIN = 100

/**
 * P(max |B(t_j)| > λ) of a Brownian bridge seen at a reference's edges only: the null law of KS on grids with
 * atoms or few cells, where Kolmogorov's own errs to the safe side by half and more.
 *
 * Simulated: a share of `draws` bridges with a relative error of at most 10 %; beyond the draws' reach it falls
 * as Kolmogorov's law does, joined where they meet, which is again the safe side. Time: draws × cells × about
 * 30 ns, so make it once a reference. Fewer than two cells in use: 0 for λ > 0.
 * @param random uniform on [0, 1); the same sequence gives the same law
 * @param draws bridges, e.g. 20 000
 */
export function ksNull(
  reference: Counts,
  { random, draws }: { random: Random; draws: number },
): (lambda: number) => number {
  const m = total(reference)
  const masses = Float64Array.from(reference, (count) => count / m).filter((mass) => mass > 0)
  const deviations = masses.map(Math.sqrt)
  const maxima = new Float64Array(draws)
  if (masses.length > 1) {
    const normal = createNormal(random)
    const walk = new Float64Array(masses.length)
    for (let draw = 0; draw < draws; draw++) {
      let end = 0
      for (let cell = 0; cell < masses.length; cell++) {
        end += deviations[cell]! * normal()
        walk[cell] = end
      }
      let share = 0
      let most = 0
      for (let cell = 0; cell < masses.length - 1; cell++) {
        share += masses[cell]!
        most = Math.max(most, Math.abs(walk[cell]! - share * end))
      }
      maxima[draw] = most
    }
  }
  maxima.sort()

  const join = maxima[Math.max(0, draws - DRAWS_ABOVE_MIN)] ?? 0
  const scale = join > 0 ? Math.min(1, DRAWS_ABOVE_MIN / draws / kolmogorovSurvival(join)) : 0
  return (lambda) => {
    if (lambda <= 0) return 1
    if (lambda >= join) return scale * kolmogorovSurvival(lambda)
    return (draws - rankOf(maxima, lambda)) / draws
  }
}

/** How many of the sorted values lie below `value`. */
function rankOf(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Standard normal numbers by pairs. Source: Box and Muller, Annals of Mathematical Statistics 29 (1958). */
function createNormal(random: Random): () => number {
  let spare: number | null = null
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    const angle = 2 * Math.PI * random()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}
