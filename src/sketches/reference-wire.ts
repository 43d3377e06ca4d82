import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { ReferenceEvent } from '../events/reference-event.ts'
import { stableId } from '../events/stable-id.ts'
import { createCategoryDictionary } from './category-dictionary.ts'
import { fromWirePerformance, toWirePerformance } from './performance-wire.ts'
import type { ReferencePanes } from './reference-panes.ts'
import { fromWirePanes, toWirePanes } from './reference-panes-wire.ts'
import type { CategoryDictionary, FeatureReference, PerformanceCounts, Reference } from './types.ts'

type WireFeature = ReferenceEvent['features'][number]['reference']

const CELL_MAX = 0xffff_ffff

/** A reference as its event. */
export function toReferenceEvent(reference: Reference): ReferenceEvent {
  const { id, model, version, createdAt, m, task } = reference
  const features = [...reference.features].map(([name, feature]) => ({
    name,
    reference: toWireFeature(feature),
  }))
  const performance = reference.performance === null ? null : toWirePerformance(reference.performance)
  const classes = reference.classes ? { classes: [...reference.classes.categories] } : {}
  const panes = reference.panes ? { panes: toWirePanes(reference.panes) } : {}
  const origin = originOf(reference)
  return { id, model, version, createdAt, m, task, features, ...classes, performance, ...origin, ...panes }
}

/**
 * The reference of an event that its schema has accepted, checked for what a schema cannot say.
 * @throws EVENT_INVALID (lengths that do not fit, edges not rising, a name twice, a count beyond 32 bits)
 */
export function fromReferenceEvent(event: ReferenceEvent): Reference {
  const { id, model, version, createdAt, m, task } = event
  const features = new Map<string, FeatureReference>()
  for (const { name, reference } of event.features) {
    if (features.has(name)) throw invalid(event, `each feature once, got "${name}" twice`)
    features.set(name, fromWireFeature(event, name, reference))
  }
  const performance = performanceOf(event)
  const classes = event.classes === undefined ? {} : { classes: classesOf(event, event.classes) }
  const panes = panesOf(event)
  const origin = { ...originOf(event), ...(panes === null ? {} : { panes }) }
  return { id, model, version, createdAt, m, task, features, ...classes, performance, ...origin }
}

/** What counts on this reference's edges are called: its two stages, and they alone, share it. */
export function gridIdOf({ id, gridId }: Reference): string {
  return gridId ?? id
}

type Origin = Pick<Reference, 'source' | 'stage' | 'gridId' | 'learnedUntil' | 'labelDelayMs'>

/** Only what is there: a field that is absent must not become one that is undefined. */
function originOf(of: Reference | ReferenceEvent): Origin {
  const { source, stage, gridId, learnedUntil, labelDelayMs } = of
  return {
    ...(source === undefined ? {} : { source }),
    ...(stage === undefined ? {} : { stage }),
    ...(gridId === undefined ? {} : { gridId }),
    ...(learnedUntil === undefined ? {} : { learnedUntil }),
    ...(labelDelayMs === undefined ? {} : { labelDelayMs }),
  }
}

/** The reference with its id: a hash of everything it says but when it was made. */
export function identified(content: Omit<Reference, 'id'>): Reference {
  const event = toReferenceEvent({ ...content, id: '', createdAt: 0 })
  return { ...content, id: stableId('reference', JSON.stringify(event)) }
}

function toWireFeature(feature: FeatureReference): WireFeature {
  if (feature.kind === 'categorical') {
    const { cells, missing, wrongType } = feature.counts
    return {
      kind: 'categorical',
      categories: [...feature.dictionary.categories],
      cells: [...cells],
      missing,
      wrongType,
    }
  }
  const { bins, missing, nan, infinite, wrongType, min, max } = feature.counts
  return {
    kind: 'numeric',
    edges: [...feature.grid.edges],
    bins: [...bins],
    missing,
    nan,
    infinite,
    wrongType,
    // JSON has no infinity: null says that there was no finite value.
    min: Number.isFinite(min) ? min : null,
    max: Number.isFinite(max) ? max : null,
  }
}

function fromWireFeature(event: ReferenceEvent, name: string, wire: WireFeature): FeatureReference {
  const { missing, wrongType } = wire
  if (wire.kind === 'categorical') {
    const cells = cellsFrom(event, `cells of "${name}"`, wire.cells, wire.categories.length + 2)
    const dictionary = createCategoryDictionary(wire.categories)
    if (dictionary.index.size < wire.categories.length) {
      throw invalid(event, `each category of "${name}" once`)
    }
    return { kind: 'categorical', dictionary, counts: { cells, missing, wrongType } }
  }
  const unordered = wire.edges.findIndex((edge, at) => at > 0 && !(edge > wire.edges[at - 1]!))
  if (unordered !== -1) {
    const [before, edge] = [wire.edges[unordered - 1], wire.edges[unordered]]
    throw invalid(event, `rising edges of "${name}", got ${edge} after ${before} at ${unordered}`)
  }
  const counts = {
    bins: cellsFrom(event, `bins of "${name}"`, wire.bins, wire.edges.length + 1),
    missing,
    nan: wire.nan,
    infinite: wire.infinite,
    wrongType,
    min: wire.min ?? Number.POSITIVE_INFINITY,
    max: wire.max ?? Number.NEGATIVE_INFINITY,
  }
  return { kind: 'numeric', grid: { edges: Float64Array.from(wire.edges) }, counts }
}

/** @throws EVENT_INVALID for data that is not what the encoding says */
function panesOf(event: ReferenceEvent): ReferencePanes | null {
  const { panes, features } = event
  if (panes === undefined) return null
  try {
    return fromWirePanes(
      panes,
      features.map(({ name }) => name),
    )
  } catch (error) {
    if (!(error instanceof DriftstreamError)) throw error
    throw invalid(event, `panes that can be decoded: ${error.message}`)
  }
}

function classesOf(event: ReferenceEvent, names: readonly string[]): CategoryDictionary {
  const classes = createCategoryDictionary(names)
  if (classes.index.size < names.length) throw invalid(event, 'each class once')
  const counted = event.performance?.classCount ?? 0
  if (counted > 0 && counted !== names.length) {
    throw invalid(event, `outcomes counted by ${names.length} classes, got ${counted}`)
  }
  return classes
}

function performanceOf(event: ReferenceEvent): PerformanceCounts | null {
  if (event.performance === null) return null
  return fromWirePerformance(event.performance, event.task, (expected) => invalid(event, expected))
}

function cellsFrom(
  event: ReferenceEvent,
  what: string,
  counts: readonly number[],
  length: number,
): Uint32Array {
  if (counts.length !== length) throw invalid(event, `${length} ${what}, got ${counts.length}`)
  const tooLarge = counts.find((count) => count > CELL_MAX)
  if (tooLarge !== undefined) throw invalid(event, `${what} up to ${CELL_MAX}, got ${tooLarge}`)
  return Uint32Array.from(counts)
}

function invalid({ id, model, version }: ReferenceEvent, expected: string): DriftstreamError {
  const message = `reference ${id} of ${model} version ${version}: expected ${expected}`
  return new DriftstreamError('EVENT_INVALID', message, { model, version })
}
