import { gridDistribution } from '../detectors/grid-distribution.ts'
import { compareMetrics } from '../detectors/performance-metrics.ts'
import { type FitnessFault, referenceFitness } from '../sketches/reference-fitness.ts'
import { gridIdOf } from '../sketches/reference-wire.ts'
import type {
  CategoricalReference,
  FeatureReference,
  NumericReference,
  Reference,
} from '../sketches/types.ts'

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const
const TOP_CATEGORIES = 5

/** One feature of a reference, as people ask about it. Shares are fractions of 1; NaN of no rows is null. */
export interface FeatureSummary {
  readonly name: string
  readonly kind: 'numeric' | 'categorical'
  /** Usable values. */
  readonly values: number
  readonly missingShare: number | null
  /** NaN, infinite, or of another type. */
  readonly unusableShare: number | null
  /** numeric: 5, 25, 50, 75 and 95 %, exact at the edges and linear between; null without values. */
  readonly quantiles: readonly (number | null)[] | null
  /** categorical: the most frequent, with their share of the usable values. */
  readonly top: readonly { readonly category: string; readonly share: number }[] | null
  readonly categories: number | null
}

/** A reference in figures: what `reference show` prints, and its `--json`. */
export interface ReferenceSummary {
  readonly id: string
  readonly model: string
  readonly version: string
  readonly createdAt: string
  readonly source: string
  readonly stage: 'cut' | 'ready'
  readonly gridId: string
  readonly m: number
  readonly task: string
  readonly features: readonly FeatureSummary[]
  readonly outcomes: readonly { readonly metric: string; readonly value: number | null; readonly n: number }[]
  readonly fitness: readonly FitnessFault[]
}

export function summarizeReference(reference: Reference): ReferenceSummary {
  const { id, model, version, createdAt, m, task, performance } = reference
  return {
    id,
    model,
    version,
    createdAt: new Date(createdAt).toISOString(),
    source: reference.source ?? 'not told',
    stage: reference.stage ?? 'ready',
    gridId: gridIdOf(reference),
    m,
    task,
    features: [...reference.features].map(([name, feature]) => summarizeFeature(name, feature)),
    outcomes:
      performance === null
        ? []
        : compareMetrics(performance, performance).map(({ metric, value, n }) => ({
            metric,
            value: finiteOrNull(value),
            n,
          })),
    fitness: referenceFitness(reference),
  }
}

function summarizeFeature(name: string, feature: FeatureReference): FeatureSummary {
  return feature.kind === 'numeric' ? summarizeNumeric(name, feature) : summarizeCategorical(name, feature)
}

function summarizeNumeric(name: string, { grid, counts }: NumericReference): FeatureSummary {
  const distribution = gridDistribution(grid, counts)
  const unusable = counts.nan + counts.infinite + counts.wrongType
  const rows = distribution.n + counts.missing + unusable
  return {
    name,
    kind: 'numeric',
    values: distribution.n,
    missingShare: finiteOrNull(counts.missing / rows),
    unusableShare: finiteOrNull(unusable / rows),
    quantiles: QUANTILES.map((probability) => finiteOrNull(distribution.quantile(probability))),
    top: null,
    categories: null,
  }
}

function summarizeCategorical(name: string, { dictionary, counts }: CategoricalReference): FeatureSummary {
  let values = 0
  for (const count of counts.cells) values += count
  const rows = values + counts.missing + counts.wrongType
  const ranked = dictionary.categories
    .map((category, cell) => ({ category, share: values === 0 ? 0 : counts.cells[cell]! / values }))
    .sort((a, b) => b.share - a.share)
  return {
    name,
    kind: 'categorical',
    values,
    missingShare: finiteOrNull(counts.missing / rows),
    unusableShare: finiteOrNull(counts.wrongType / rows),
    quantiles: null,
    top: ranked.slice(0, TOP_CATEGORIES),
    categories: dictionary.categories.length,
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
