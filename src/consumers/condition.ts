/** Where a process stands, as somebody outside wants to know it. */
export type ProcessState = 'starting' | 'restoring' | 'running' | 'waiting' | 'stopped'

/** What a process tells of itself to whoever asks after its health. */
export interface ConditionReport {
  readonly process: string
  readonly state: ProcessState
  readonly tasks: number
  /** Of each task that reads again what it must know, how much it has read, 0 to 1. */
  readonly restoring: readonly { readonly task: number; readonly share: number }[]
}

/** The condition of one process: written by its loop and its tasks, read from outside at any time. */
export class Condition {
  readonly #process: string
  readonly #restoring = new Map<number, number>()
  #state: ProcessState = 'starting'
  #tasks = 0
  #turnedAt = performance.now()

  constructor(process: string) {
    this.#process = process
  }

  /** The loop has turned, or something that takes long has gone on. */
  turned(): void {
    this.#turnedAt = performance.now()
  }

  /** How long ago that was, ms. */
  get stillMs(): number {
    return performance.now() - this.#turnedAt
  }

  enter(state: ProcessState, tasks = 0): void {
    this.#state = state
    this.#tasks = tasks
    this.#restoring.clear()
  }

  /** A task has read so much of what it must read again, 0 to 1. */
  restored(task: number, share: number): void {
    this.#restoring.set(task, share)
  }

  /** Assigned, and with the state of every task. A member that has no task, because others have them all, is ready. */
  get isReady(): boolean {
    return this.#state === 'running'
  }

  report(): ConditionReport {
    const restoring = [...this.#restoring].map(([task, share]) => ({ task, share }))
    return { process: this.#process, state: this.#state, tasks: this.#tasks, restoring }
  }
}
