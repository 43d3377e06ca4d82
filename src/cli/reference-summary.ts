import { gridDistribution } from '../detectors/grid-distribution.ts'
import { compareMetrics } from '../detectors/performance-metrics.ts'
import { accuracyScatter, distributionScatter } from '../sketches/pane-scatter.ts'
import { type FitnessFault, referenceFitness } from '../sketches/reference-fitness.ts'
import type { DistributionPanes, ReferencePanes } from '../sketches/reference-panes.ts'
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
  /** Scatter between base windows over that of independent rows; null where it is not known. */
  readonly designEffect: number | null
}

/** What the base windows of a reference tell. */
export interface PanesSummary {
  readonly windowMs: number
  readonly count: number
  /** Start of the first, end of the last. */
  readonly from: string
  readonly to: string
  readonly rows: number
  /** Scatter of scores, labels and right predictions, as `designEffect` of a feature. */
  readonly scatter: readonly { readonly of: string; readonly designEffect: number }[]
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
  /** Null where its rows had no times, or fill no window. */
  readonly panes: PanesSummary | null
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
    features: [...reference.features].map(([name, feature]) => ({
      ...summarizeFeature(name, feature),
      designEffect: effectOf(reference.panes?.features.get(name)),
    })),
    outcomes:
      performance === null
        ? []
        : compareMetrics(performance, performance).map(({ metric, value, n }) => ({
            metric,
            value: finiteOrNull(value),
            n,
          })),
    panes: reference.panes ? summarizePanes(reference.panes) : null,
    fitness: referenceFitness(reference),
  }
}

function summarizePanes({ windowMs, starts, rows, scores, labels, outcomes }: ReferencePanes): PanesSummary {
  const scatter = [
    { of: 'scores', designEffect: effectOf(scores ?? undefined) },
    { of: 'labels', designEffect: effectOf(labels ?? undefined) },
    { of: 'accuracy', designEffect: outcomes && (accuracyScatter(outcomes)?.designEffect ?? null) },
  ]
  return {
    windowMs,
    count: starts.length,
    from: new Date(starts[0]!).toISOString(),
    to: new Date(starts.at(-1)! + windowMs).toISOString(),
    rows: rows.reduce((sum, count) => sum + count, 0),
    scatter: scatter.flatMap(({ of, designEffect }) => (designEffect === null ? [] : [{ of, designEffect }])),
  }
}

function effectOf(panes: DistributionPanes | undefined): number | null {
  return panes === undefined ? null : (distributionScatter(panes)?.designEffect ?? null)
}

function summarizeFeature(name: string, feature: FeatureReference): Omit<FeatureSummary, 'designEffect'> {
  return feature.kind === 'numeric' ? summarizeNumeric(name, feature) : summarizeCategorical(name, feature)
}

function summarizeNumeric(
  name: string,
  { grid, counts }: NumericReference,
): Omit<FeatureSummary, 'designEffect'> {
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

function summarizeCategorical(
  name: string,
  { dictionary, counts }: CategoricalReference,
): Omit<FeatureSummary, 'designEffect'> {
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
