/**
 * Where a user's event keeps what driftstream needs: dotted paths from the root of the decoded event.
 * Users' topics are read as they are; nobody has to change a producer to be watched.
 */
export interface FeatureMapping {
  readonly model: string
  readonly version: string
  readonly id: string
  readonly at: string
  readonly features: string
  readonly prediction: string
  readonly score: string
  readonly segment: string
}

export interface LabelMapping {
  readonly model: string
  readonly id: string
  readonly at: string
  readonly label: string
}

export interface Mapping {
  readonly feature: FeatureMapping
  readonly label: LabelMapping
}

export const DEFAULT_MAPPING: Mapping = {
  feature: {
    model: 'model',
    version: 'version',
    id: 'id',
    at: 'at',
    features: 'features',
    prediction: 'prediction',
    score: 'score',
    segment: 'segment',
  },
  label: { model: 'model', id: 'id', at: 'at', label: 'label' },
}

/**
 * Rearranges an event into driftstream's own field names, or returns it untouched where every path already
 * is the field's name. An absent path leaves its field out, so the schema can say what is missing.
 */
export function createMapper(paths: FeatureMapping | LabelMapping): (event: unknown) => unknown {
  const moves = Object.entries(paths).map(([field, path]) => ({ field, steps: path.split('.') }))
  if (moves.every(({ field, steps }) => steps.length === 1 && steps[0] === field)) return (event) => event
  return (event) => {
    const mapped: Record<string, unknown> = {}
    for (const { field, steps } of moves) {
      const value = follow(event, steps)
      if (value !== undefined) mapped[field] = value
    }
    return mapped
  }
}

function follow(event: unknown, steps: readonly string[]): unknown {
  let at: unknown = event
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}
