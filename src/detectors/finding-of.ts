import type { Finding, Measure } from '../events/finding.ts'

/** Below it a p-value is no longer a number worth telling apart from others, and 0 would claim certainty. */
const P_VALUE_MIN = 1e-300

/** A finding with what its statistic does not define left out. */
export type FindingParts = Pick<
  Finding,
  'detector' | 'subject' | 'verdict' | 'statistic' | 'value' | 'n' | 'm' | 'message'
> &
  Partial<Finding>

/** The finding with undefined numbers (NaN, infinite, left out) as null, ready for the wire. */
export function findingOf(parts: FindingParts): Finding {
  const pValue = finiteOrNull(parts.pValue)
  return {
    detector: parts.detector,
    subject: parts.subject,
    verdict: parts.verdict,
    statistic: parts.statistic,
    value: finiteOrNull(parts.value),
    referenceValue: finiteOrNull(parts.referenceValue),
    pValue: pValue === null ? null : Math.min(1, Math.max(P_VALUE_MIN, pValue)),
    effectLower: finiteOrNull(parts.effectLower),
    effectUpper: finiteOrNull(parts.effectUpper),
    threshold: finiteOrNull(parts.threshold),
    n: parts.n,
    m: parts.m,
    message: parts.message,
    ...(parts.effect === undefined ? {} : { effect: parts.effect }),
    ...(parts.effectUnit === undefined ? {} : { effectUnit: parts.effectUnit }),
    ...(parts.alpha === undefined ? {} : { alpha: parts.alpha }),
    ...(parts.null === undefined ? {} : { null: parts.null }),
    ...(parts.window === undefined ? {} : { window: parts.window }),
    ...(parts.measures === undefined ? {} : { measures: parts.measures.map(finiteMeasure) }),
  }
}

function finiteMeasure({ statistic, value, lower, upper }: Measure): Measure {
  return {
    statistic,
    value: finiteOrNull(value),
    ...(lower === undefined ? {} : { lower: finiteOrNull(lower) }),
    ...(upper === undefined ? {} : { upper: finiteOrNull(upper) }),
  }
}

function finiteOrNull(value: number | null | undefined): number | null {
  return value !== null && value !== undefined && Number.isFinite(value) ? value : null
}
