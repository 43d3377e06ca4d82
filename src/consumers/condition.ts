/** Where a process stands, as somebody outside wants to know it. */
export type ProcessState = 'starting' | 'restoring' | 'running' | 'waiting' | 'stopped'

/** What a process tells of itself to whoever asks after its health. */
export interface ConditionReport {
  readonly process: string
  readonly state: ProcessState
  readonly tasks: number
  /** Of each task that reads again what it must know, how much it has read, 0 to 1. */
  readonly restoring: readonly { readonly task: number; readonly share: number }[]
  /** What tasks wait for although the log is there; absent where they wait for nothing. */
  readonly waitingFor?: string
}

/** The condition of one process: written by its loop and its tasks, read from outside at any time. */
export class Condition {
  readonly #process: string
  readonly #restoring = new Map<number, number>()
  /** Of each task that waits for something, what. */
  readonly #lacking = new Map<number, string>()
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
    this.#lacking.clear()
  }

  /** A task has read so much of what it must read again, 0 to 1. */
  restored(task: number, share: number): void {
    this.#restoring.set(task, share)
  }

  /** A task can go no further without something; null: it has what it needs. */
  lacks(task: number, what: string | null): void {
    if (what === null) this.#lacking.delete(task)
    else this.#lacking.set(task, what)
  }

  /** Assigned, and with the state of every task. A member that has no task, because others have them all, is ready. */
  get isReady(): boolean {
    return this.#state === 'running' && this.#lacking.size === 0
  }

  report(): ConditionReport {
    const restoring = [...this.#restoring].map(([task, share]) => ({ task, share }))
    const report = { process: this.#process, tasks: this.#tasks, restoring }
    const [waitingFor] = this.#lacking.values()
    if (waitingFor === undefined) return { ...report, state: this.#state }
    return { ...report, state: this.#state === 'running' ? 'waiting' : this.#state, waitingFor }
  }
}
