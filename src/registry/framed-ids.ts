import { isFramed, schemaIdOf } from '../events/framed/frame.ts'

const NONE: ReadonlySet<number> = new Set()

/** The ids of the schemas that some records are written with; those cut off before the id's end have none. */
export function framedIds(records: readonly { readonly value: Uint8Array | null }[]): ReadonlySet<number> {
  let ids: Set<number> | null = null
  let last = -1
  for (const { value } of records) {
    if (!isFramed(value)) continue
    const id = schemaIdOf(value)
    if (id === null || id === last) continue
    ids ??= new Set()
    ids.add(id)
    last = id
  }
  return ids ?? NONE
}
