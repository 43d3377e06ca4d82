import { stableId } from '../events/stable-id.ts'
import { createDetectState, type DetectContext, type DetectState, modelStateOf } from './detect-state.ts'
import { portableCopy, revivedCopy } from './portable-state.ts'

/** Counts up with every change of what a detector's state is made of; a test holds its shape to it. */
export const DETECT_STATE_VERSION = 12

/**
 * The whole state as data that a structured clone keeps; models lose their options, which the configuration
 * gives back. Large arrays are shared with the state: to be written before the next step.
 * @throws STATE_IMPOSSIBLE where the state holds what is no data
 */
export function snapshotOf(state: DetectState): unknown {
  const models = [...state.models].map(([name, model]) => [name, { ...model, options: null }] as const)
  return portableCopy({ ...state, models: new Map(models) })
}

/** The state that a snapshot holds; null where it is not one of this version and configuration. */
export function stateFrom(snapshot: unknown, context: DetectContext): DetectState | null {
  const fresh = createDetectState()
  const state = revivedCopy(snapshot)
  if (!hasFieldsOf(state, fresh)) return null
  for (const [name, model] of state.models) {
    const expected = modelStateOf(fresh, name, context)
    if (expected === null || !hasFieldsOf(model, { ...expected, options: null })) return null
    Object.assign(model, { options: expected.options })
  }
  return state
}

/** Hash of all that a detector's state depends on besides its records. */
export function configurationId({ stream, models, taskCount }: DetectContext): string {
  const known = [...models].map(([name, { retraining: _, ...judged }]) => {
    // Who trains, and how, is no matter of the detector.
    return [name, Object.hasOwn(judged, 'trainer') ? { ...judged, trainer: null } : judged]
  })
  return stableId('detect-state', JSON.stringify([stream, known, taskCount], mapsAsLists))
}

function mapsAsLists(_key: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

/** Also inside: a part that a fresh state has as an object has the fields that it has there. */
function hasFieldsOf<T extends object>(value: unknown, like: T): value is T {
  if (typeof value !== 'object' || value === null) return false
  const [fields, expected] = [Object.keys(value).sort(), Object.keys(like).sort()]
  if (fields.length !== expected.length || fields.some((field, at) => field !== expected[at])) return false
  return Object.entries(like).every(([field, part]) => {
    return !isPlainObject(part) || hasFieldsOf((value as Record<string, unknown>)[field], part)
  })
}
