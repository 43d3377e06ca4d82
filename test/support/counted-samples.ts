import { DETECTION_DEFAULTS, type TestOptions } from '../../src/detectors/options.ts'
import type { FeatureValue } from '../../src/events/feature-event.ts'
import type { Finding } from '../../src/events/finding.ts'
import { addCategorical, createCategoricalCounts } from '../../src/sketches/categorical-counts.ts'
import { createCategoryDictionary } from '../../src/sketches/category-dictionary.ts'
import { addNumeric, createNumericCounts } from '../../src/sketches/numeric-counts.ts'
import { cutGrid } from '../../src/sketches/numeric-grid.ts'
import type {
  CategoricalCounts,
  CategoricalReference,
  NumericCounts,
  NumericReference,
} from '../../src/sketches/types.ts'
import { normalQuantile } from '../../src/statistics/normal.ts'

export const OPTIONS: TestOptions = { ...DETECTION_DEFAULTS, sampleMin: 200, alpha: 1e-6 }

/** A sample without chance: the n quantiles at (i + 1/2) / n. */
export function quantilesOf(n: number, quantile: (p: number) => number): number[] {
  return Array.from({ length: n }, (_, index) => quantile((index + 0.5) / n))
}

export function normalSample(n: number, mean = 0, deviation = 1): number[] {
  return quantilesOf(n, (p) => mean + deviation * normalQuantile(p))
}

export function exponentialSample(n: number, mean = 1): number[] {
  return quantilesOf(n, (p) => -mean * Math.log(1 - p))
}

export function numericReference(values: readonly number[]): NumericReference {
  const grid = cutGrid(values)
  const counts = createNumericCounts(grid)
  for (const value of values) addNumeric(grid, counts, value)
  return { kind: 'numeric', grid, counts }
}

export function numericWindow(reference: NumericReference, values: readonly FeatureValue[]): NumericCounts {
  const counts = createNumericCounts(reference.grid)
  for (const value of values) addNumeric(reference.grid, counts, value)
  return counts
}

/** A reference with so many values of each category; keys may be any text. */
export function categoricalReference(
  categories: ReadonlyMap<string, number>,
  missing = 0,
): CategoricalReference {
  const dictionary = createCategoryDictionary([...categories.keys()])
  const counts = createCategoricalCounts(dictionary)
  counts.cells.set([...categories.values()])
  counts.missing = missing
  return { kind: 'categorical', dictionary, counts }
}

export function categoricalWindow(
  reference: CategoricalReference,
  categories: ReadonlyMap<string | null, number>,
): CategoricalCounts {
  const counts = createCategoricalCounts(reference.dictionary)
  for (const [category, count] of categories) {
    for (let i = 0; i < count; i++) addCategorical(reference, counts, category)
  }
  return counts
}

/** The one finding of a statistic; an error where there is none, or more than one. */
export function findingBy(findings: readonly Finding[], statistic: string): Finding {
  const found = findings.filter((finding) => finding.statistic === statistic)
  if (found.length !== 1) throw new Error(`expected one ${statistic} finding, got ${found.length}`)
  return found[0]!
}

/** A finding with sane numbers, changed where a test cares. */
export function findingLike(parts: Partial<Finding>): Finding {
  return {
    detector: 'numeric-drift',
    subject: 'distance',
    verdict: 'drifted',
    statistic: 'psi',
    value: 0.4,
    referenceValue: null,
    pValue: 1e-20,
    effectLower: 0.3,
    effectUpper: 0.5,
    threshold: 0.1,
    n: 1000,
    m: 10_000,
    message: 'distance has PSI 0.4',
    ...parts,
  }
}
