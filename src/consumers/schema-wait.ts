import type { RecordBatch } from '../log/port.ts'
import { framedIds } from '../registry/framed-ids.ts'
import type { SchemaTable } from '../registry/schema-table.ts'
import type { Condition } from './condition.ts'

const NONE: ReadonlySet<number> = new Set()

/** Whether the schemas of what a task reads are known. While some are not, the task rests, and nobody else does. */
export class SchemaWait {
  readonly #schemas: SchemaTable | undefined
  #ids = NONE

  constructor(schemas: SchemaTable | undefined) {
    this.#schemas = schemas
  }

  /** False where one must be waited for, which begins with that. */
  covers({ records }: RecordBatch): boolean {
    if (this.#schemas === undefined) return true
    const ids = framedIds(records)
    if (this.#schemas.lookUp(ids)) return true
    this.#ids = ids
    return false
  }

  get isWaiting(): boolean {
    if (this.#ids.size === 0) return false
    if (this.#schemas!.lookUp(this.#ids)) this.#ids = NONE
    return this.#ids.size > 0
  }

  /** Says what is waited for. @throws SCHEMA_REGISTRY_UNAVAILABLE when that has taken too long */
  tell(task: number, condition: Condition): void {
    if (this.#schemas === undefined) return
    const lacks = this.isWaiting && this.#schemas.isAway
    condition.lacks(task, lacks ? 'schema registry' : null)
    if (lacks) this.#schemas.checkOutage()
  }
}
