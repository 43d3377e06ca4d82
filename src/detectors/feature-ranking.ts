import type { Finding } from '../events/finding.ts'
import { benjaminiHochberg } from '../statistics/adjusted-p-values.ts'

/**
 * The strongest findings of features' distributions with their q-values: of the features named up to a
 * q-value, a share of at most that is expected to be wrong (Benjamini and Hochberg, under independence or
 * positive dependence). For people who read a ranked list; no verdict rests on it.
 *
 * Each feature counts once, by the window that shows most, at its p-value times the windows it was looked for
 * in. A p-value that is not told counts as 1 and gets no q-value. Other findings are given as they are.
 * @param judged findings of every window
 * @param strongest of each test the one that shows most
 */
export function rankedFeatures(judged: readonly Finding[], strongest: readonly Finding[]): Finding[] {
  const windows = new Map<string, number>()
  for (const finding of judged) {
    if (isOfFeature(finding)) windows.set(finding.subject, (windows.get(finding.subject) ?? 0) + 1)
  }
  const features = strongest.filter(isOfFeature)
  if (features.every(({ pValue }) => pValue === null)) return [...strongest]
  const qValues = benjaminiHochberg(
    features.map(({ subject, pValue }) => Math.min(1, (pValue ?? 1) * (windows.get(subject) ?? 1))),
  )
  const bySubject = new Map(features.map(({ subject }, at) => [subject, qValues[at]!]))
  return strongest.map((finding) =>
    isOfFeature(finding) && finding.pValue !== null
      ? { ...finding, qValue: bySubject.get(finding.subject)! }
      : finding,
  )
}

function isOfFeature({ detector }: Finding): boolean {
  return detector === 'numeric-drift' || detector === 'categorical-drift'
}
