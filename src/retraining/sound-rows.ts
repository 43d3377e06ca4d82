import type { FeatureValue } from '../events/feature-event.ts'
import { counterOfOddValue } from '../sketches/odd-values.ts'
import type { FeatureReference, Reference } from '../sketches/types.ts'
import { total } from '../statistics/count-totals.ts'

/** A row of a training range: when it was, and what its features were. */
export interface RangeRow {
  readonly at: number
  readonly features: Readonly<Record<string, FeatureValue>>
}

/** Which rows may be learned from, and what was wrong with the others. */
export interface SoundRows<Row> {
  readonly sound: readonly Row[]
  /** One sentence a broken stretch or feature, worst first of each stretch. */
  readonly faults: readonly string[]
}

/** Stretches a range is cut into, where it has rows enough. */
const STRETCHES = 24
const STRETCH_ROWS_MIN = 100
/** Standard errors a rise must lie beyond its limit: with 24 stretches and 2000 features chance does not. */
const SURELY = 6
/** A feature whose commonest value is rarer than this in the reference does not take one value alone by chance. */
const COMMONEST_MAX = 0.5

/**
 * Parts the rows of a training range, in event-time order, by whether the pipe was whole when they came.
 *
 * A stretch is a run of rows, a 24th of them and at least 100. It is broken when a feature is unusable in it
 * (missing, NaN, infinite, of the wrong type) surely more often than in the reference, by more than
 * `unusableRiseMax`. A feature that has one value in the whole range, and had many in the reference, is stuck,
 * and no row is sound. Drift is no fault: values that moved, and categories never seen, are what a retrain is
 * to learn. Without a reference everything is sound.
 */
export function soundRows<Row extends RangeRow>(
  rows: readonly Row[],
  reference: Reference | null,
  unusableRiseMax: number,
): SoundRows<Row> {
  if (reference === null || rows.length === 0) return { sound: rows, faults: [] }
  const stuck = [...reference.features].filter(([name, feature]) => isStuck(rows, name, feature))
  if (stuck.length > 0) {
    return { sound: [], faults: stuck.map(([name]) => `${name} has one value in all ${rows.length} events`) }
  }
  const size = Math.max(STRETCH_ROWS_MIN, Math.ceil(rows.length / STRETCHES))
  const sound: Row[] = []
  const faults: string[] = []
  for (let start = 0; start < rows.length; start += size) {
    const stretch = rows.slice(start, start + size)
    const fault = worstFault(stretch, reference, unusableRiseMax)
    if (fault === null) sound.push(...stretch)
    else faults.push(fault)
  }
  return { sound, faults }
}

function worstFault(stretch: readonly RangeRow[], reference: Reference, riseMax: number): string | null {
  const n = stretch.length
  let worst: { readonly rise: number; readonly text: string } | null = null
  for (const [name, feature] of reference.features) {
    const before = unusableShare(feature)
    const hits = stretch.reduce((sum, row) => sum + Number(!isUsable(feature.kind, own(row, name))), 0)
    const share = (hits + 0.5) / (n + 1)
    const spread = Math.sqrt((share * (1 - share)) / n + (before * (1 - before)) / Math.max(1, reference.m))
    const rise = hits / n - before
    if (rise - SURELY * spread < riseMax || rise <= (worst?.rise ?? 0)) continue
    const percent = (100 * hits) / n
    const when = new Date(stretch[0]!.at).toISOString()
    const text = `${name} is unusable in ${percent.toFixed(1)} % of ${n} events from ${when}, ${(100 * before).toFixed(1)} % in the reference`
    worst = { rise, text }
  }
  return worst?.text ?? null
}

function unusableShare({ kind, counts }: FeatureReference): number {
  const usable = kind === 'numeric' ? total(counts.bins) : total(counts.cells)
  const unusable = counts.missing + counts.wrongType + (kind === 'numeric' ? counts.nan + counts.infinite : 0)
  return usable + unusable === 0 ? 0 : unusable / (usable + unusable)
}

function isUsable(kind: FeatureReference['kind'], value: FeatureValue | undefined): boolean {
  if (kind === 'numeric') return typeof value === 'number' && Number.isFinite(value)
  return counterOfOddValue(value) !== 0
}

function isStuck(rows: readonly RangeRow[], name: string, feature: FeatureReference): boolean {
  if (rows.length < STRETCH_ROWS_MIN) return false
  const counted = feature.kind === 'numeric' ? feature.counts.bins : feature.counts.cells
  const all = total(counted)
  let most = 0
  for (const count of counted) most = Math.max(most, count)
  if (all === 0 || most / all > COMMONEST_MAX) return false
  const first = own(rows[0]!, name)
  return rows.every((row) => own(row, name) === first)
}

function own({ features }: RangeRow, name: string): FeatureValue | undefined {
  return Object.hasOwn(features, name) ? features[name] : undefined
}
