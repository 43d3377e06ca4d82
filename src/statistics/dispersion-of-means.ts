import { chiSquareSurvival } from './chi-square.ts'

/** How much groups differ from one another. */
export interface MeanDispersion {
  readonly groups: number
  /** Their scatter over that of independent values: 1 where these are independent. */
  readonly ratio: number
  /** That independent values scatter at least as much, 0 to 1. */
  readonly pValue: number
}

/**
 * The scatter of the means of groups against that of independent values: the sum over groups and components
 * of n (mean - common mean)² / variance, against chi-squared with components × (groups - 1) degrees of
 * freedom.
 * @param means one array of components a group, all of one length; components are uncorrelated
 * @param counts values of each group, above 0
 * @param variance of one value, of every component, above 0
 * @returns null for fewer than two groups, and without components
 */
export function dispersionOfMeans(
  means: readonly ArrayLike<number>[],
  counts: ArrayLike<number>,
  variance: number,
): MeanDispersion | null {
  const groups = means.length
  const components = means[0]?.length ?? 0
  const degreesOfFreedom = components * (groups - 1)
  if (degreesOfFreedom <= 0) return null
  let statistic = 0
  for (let component = 0; component < components; component++) {
    let weight = 0
    let sum = 0
    for (let group = 0; group < groups; group++) {
      weight += counts[group]!
      sum += counts[group]! * means[group]![component]!
    }
    for (let group = 0; group < groups; group++) {
      statistic += (counts[group]! * (means[group]![component]! - sum / weight) ** 2) / variance
    }
  }
  return {
    groups,
    ratio: statistic / degreesOfFreedom,
    pValue: chiSquareSurvival(statistic, degreesOfFreedom),
  }
}
