import type { Log, PartitionOffsets } from '../log/port.ts'

/** How far the labels reach, asked once for all tasks of a process that flush together. */
export class LabelEnds {
  readonly #log: Log
  readonly #topic: string
  #asking: Promise<readonly PartitionOffsets[]> | null = null

  constructor(log: Log, topic: string) {
    this.#log = log
    this.#topic = topic
  }

  /** Calls at the same time share an answer. Rejects as the log does, and asks anew the next time. */
  ask(): Promise<readonly PartitionOffsets[]> {
    this.#asking ??= this.#log.offsets(this.#topic).finally(() => {
      this.#asking = null
    })
    return this.#asking
  }
}
