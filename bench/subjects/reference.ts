import { buildReference } from '../../src/sketches/reference-builder.ts'
import { fromReferenceEvent, toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import type { Reference } from '../../src/sketches/types.ts'
import { categoricalName, drawEvents, type EventShape, numericName, VERSION } from '../streams/events.ts'

/** Enough that every bin of a grid is cut; fewer rows where each is long. */
const ROWS_MAX = 20_000
const VALUES_MAX = 2_000_000

/** A reference for every model of the shape, each with memory of its own. */
export function referencesFor(shape: EventShape): Reference[] {
  const copy = referenceCopier(shape)
  return shape.models.map(copy)
}

/**
 * Gives any model a reference with memory of its own. It is cut once and then copied as it would travel: a
 * thousand models are cut by a thousand trainings, not by a bench.
 */
export function referenceCopier(shape: EventShape): (model: string) => Reference {
  const event = toReferenceEvent(cutReference(shape))
  return (model) => fromReferenceEvent({ ...event, model })
}

function cutReference(shape: EventShape): Reference {
  const rows = Math.min(ROWS_MAX, Math.ceil(VALUES_MAX / (shape.numeric + shape.categorical)))
  const { features, labels } = drawEvents(shape, rows, 'reference')
  const outcomes = features.map((event, index) => ({ ...event, label: labels[index]!.label }))
  return buildReference({
    model: 'bench',
    version: VERSION,
    createdAt: 0,
    task: 'binary',
    positiveLabel: '1',
    features: new Map([
      ...Array.from({ length: shape.numeric }, (_, index) => [numericName(index), 'numeric'] as const),
      ...Array.from(
        { length: shape.categorical },
        (_, index) => [categoricalName(index), 'categorical'] as const,
      ),
    ]),
    rows: () => outcomes,
  })
}
