import { stableId } from '../events/stable-id.ts'
import {
  createDetectState,
  type DetectContext,
  type DetectState,
  type ModelState,
  modelStateOf,
} from './detect-state.ts'
import { portableCopy, revivedCopy } from './portable-state.ts'

/** Counts up with every change of what a detector's state is made of; a test holds its shape to it. */
export const DETECT_STATE_VERSION = 15

/**
 * The whole state as data that a structured clone keeps, in parts, since all of it at once takes seconds: first
 * what belongs to no model, then each model with its name. No part shares anything with another. Models lose
 * their options, which the configuration gives back. Large arrays are shared with the state: to be written
 * before the next step.
 * @throws STATE_IMPOSSIBLE where the state holds what is no data
 */
export function* snapshotParts(state: DetectState): Generator<unknown, void, undefined> {
  yield portableCopy({ ...state, models: state.models.size })
  for (const [name, model] of state.models) {
    yield [name, portableCopy({ ...model, options: null }, `state.models.${name}`)]
  }
}

/** The state that a snapshot's parts hold; null where they are not of this version and configuration, or not all. */
export async function stateFrom(
  parts: AsyncIterable<unknown> | Iterable<unknown>,
  context: DetectContext,
): Promise<DetectState | null> {
  const fresh = createDetectState()
  let state: (Omit<DetectState, 'models'> & { readonly models: number }) | null = null
  const models = new Map<string, ModelState>()
  for await (const part of parts) {
    const revived = revivedCopy(part)
    if (state === null) {
      if (!hasFieldsOf(revived, { ...fresh, models: 0 })) return null
      state = revived
    } else {
      const model = modelFrom(revived, fresh, context)
      if (model === null || models.has(model.options.name)) return null
      models.set(model.options.name, model)
    }
  }
  return state?.models === models.size ? { ...state, models } : null
}

function modelFrom(part: unknown, fresh: DetectState, context: DetectContext): ModelState | null {
  const [name, model] = Array.isArray(part) ? part : []
  const expected = typeof name === 'string' ? modelStateOf(fresh, name, context) : null
  if (expected === null || !hasFieldsOf(model, { ...expected, options: null })) return null
  return { ...model, options: expected.options }
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
