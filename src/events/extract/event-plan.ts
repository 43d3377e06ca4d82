import { KeyTable, NO_SLOT } from './key-table.ts'

/** Where in an event the fields of a mapping stand. */
export interface EventPlan {
  /** False where a name is too long for the table or JSON writes it with escapes: such events are parsed. */
  readonly readable: boolean
  readonly keys: KeyTable
  /** The opening of the event itself. */
  readonly root: number
  /** The opening of the object whose keys are features; NO_SLOT where the mapping has none. */
  readonly features: number
  /** The slot of each other field; two fields may stand at one. */
  readonly slots: ReadonlyMap<string, number>
  /** The slot of the field whose value may be an object, NO_SLOT where none may. */
  readonly objectValue: number
  /** The opening of the object at a slot that has fields in it, NO_SLOT at all others. */
  objectAt(slot: number): number
}

/**
 * Lays out the paths of a mapping, by field. `features` leads to an object whose keys are learned from
 * events; the value of `score` may be an object.
 */
export function planEvent(paths: Readonly<Record<string, string>>): EventPlan {
  const keys = new KeyTable()
  const root = keys.addObject()
  const slots = new Map<string, number>()
  const parents = new Map<number, number>()
  const openings = new Map<number, number>()
  const openingOf = (slot: number): number => {
    const opening = openings.get(slot) ?? keys.addObject()
    openings.set(slot, opening)
    return opening
  }
  let readable = true
  for (const [field, path] of Object.entries(paths)) {
    let slot = NO_SLOT
    for (const name of path.split('.')) {
      const object = slot === NO_SLOT ? root : openingOf(slot)
      slot = keys.addKey(object, name)
      if (slot === NO_SLOT) {
        readable = false
        break
      }
      parents.set(slot, object)
    }
    slots.set(field, slot)
  }
  const featuresSlot = slots.get('features') ?? NO_SLOT
  const features = featuresSlot === NO_SLOT ? NO_SLOT : openingOf(featuresSlot)
  slots.delete('features')
  keys.fix()

  // An object where a value is wanted too is for the schema to judge, and so is one among the features.
  const fields = new Set(slots.values())
  const isFeature = (slot: number): boolean => features !== NO_SLOT && parents.get(slot) === features
  const objects = new Int32Array(keys.size)
  for (const [slot, opening] of openings) if (!fields.has(slot) && !isFeature(slot)) objects[slot] = opening
  const score = slots.get('score') ?? NO_SLOT
  return {
    readable,
    keys,
    root,
    features,
    slots,
    objectValue: openings.has(score) || isFeature(score) ? NO_SLOT : score,
    objectAt: (slot) => (slot < objects.length ? objects[slot]! : NO_SLOT),
  }
}
