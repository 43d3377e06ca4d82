import type { Finding } from '../events/finding.ts'
import { acat } from '../statistics/acat.ts'
import { benjaminiHochberg, holm } from '../statistics/adjusted-p-values.ts'

export interface RankedFeatures {
  /** The findings as they came, those of features with `qValue` and `adjustedPValue`. */
  readonly findings: readonly Finding[]
  /** One p-value of all features together; null where none was judged. */
  readonly featuresPValue: number | null
}

/**
 * What the features of a model say together, at one look: how sure each of them is beside the others, and
 * whether any of them moved. For people who read a list; no verdict rests on it, and no account is taken of
 * the looks before.
 *
 * `qValue`: of the features named up to it, a share of at most that is expected to be wrong (Benjamini and
 * Hochberg, under independence or positive dependence). `adjustedPValue`: to name all features up to it errs
 * in any of them with at most that probability, whatever their dependence (Holm). `featuresPValue`: that some
 * feature moved (`acat`, which holds under any dependence in the tail; never below 1e-15).
 *
 * Each feature counts once, by the window that shows most, at its p-value times the windows it was looked for
 * in. A p-value that is not told counts as 1, so that it can hide a little and never claim, and gets neither
 * number. Other findings are given as they are.
 * @param judged findings of every window
 * @param strongest of each test the one that shows most
 */
export function rankFeatures(judged: readonly Finding[], strongest: readonly Finding[]): RankedFeatures {
  const windows = new Map<string, number>()
  for (const finding of judged) {
    if (isOfFeature(finding)) windows.set(finding.subject, (windows.get(finding.subject) ?? 0) + 1)
  }
  const features = strongest.filter(isOfFeature)
  if (features.length === 0) return { findings: strongest, featuresPValue: null }
  if (features.every(({ pValue }) => pValue === null)) return { findings: strongest, featuresPValue: 1 }
  const pValues = features.map(({ subject, pValue }) =>
    Math.min(1, (pValue ?? 1) * (windows.get(subject) ?? 1)),
  )
  const qValues = benjaminiHochberg(pValues)
  const adjusted = holm(pValues)
  const places = new Map(features.map(({ subject }, at) => [subject, at]))
  const findings = strongest.map((finding): Finding => {
    if (!isOfFeature(finding) || finding.pValue === null) return finding
    const at = places.get(finding.subject)!
    return { ...finding, qValue: qValues[at]!, adjustedPValue: adjusted[at]! }
  })
  return { findings, featuresPValue: acat(pValues) }
}

function isOfFeature({ detector }: Finding): boolean {
  return detector === 'numeric-drift' || detector === 'categorical-drift'
}
