import type { Cluster } from './cluster.ts'
import type { Field } from './field.ts'
import { settledOr } from './live-traffic.ts'
import { type Due, type StrikeMoment, type Struck, strikeTransaction } from './struck-transaction.ts'
import type { Command, Worker } from './worker.ts'

/** The three processes of a field, each of which may be killed at a transaction and is replaced at once. */
export class LiveCast {
  readonly #cluster: Cluster
  readonly #field: Field
  readonly #running = new Map<Command, Worker>()
  readonly #armed = new Map<Command, Struck>()
  readonly #hit = new Set<Command>()
  #replacing: Promise<void> = Promise.resolve()
  /** What the detectors to come are configured otherwise. */
  detectorEnv: Readonly<Record<string, string>> = {}
  kills = 0

  constructor(cluster: Cluster, field: Field) {
    this.#cluster = cluster
    this.#field = field
    for (const command of ['observe', 'detect', 'retrain'] as const) this.#start(command)
  }

  isArmed(victim: Command): boolean {
    return this.#armed.has(victim)
  }

  /** Strikes the process at the first transaction that is due; another takes its place without being asked for. */
  arm(victim: Command, moment: StrikeMoment, due: Due): void {
    const armed = strikeTransaction(this.#cluster, this.#running.get(victim)!, moment, due)
    this.#armed.set(victim, armed)
    void armed.struck.then(() => {
      this.#hit.add(victim)
      // Nobody can read past what it has left open until then.
      this.#replacing = this.#replacing.then(() => this.replace([victim]))
    })
  }

  /** Nobody is struck any more. */
  disarm(): void {
    for (const armed of this.#armed.values()) armed.disarm()
    this.#armed.clear()
  }

  /** Resolves when all that is written has had all its consequences, whoever is killed meanwhile. */
  async through(): Promise<void> {
    do await this.#replacing
    while (!(await settledOr(this.#field, () => this.#hit.size > 0)))
  }

  /** Kills these, and starts others in their place. */
  async replace(victims: readonly Command[]): Promise<void> {
    for (const victim of victims) {
      const worker = this.#running.get(victim)!
      await worker.kill()
      this.#cluster.heal(worker.name)
      this.#armed.get(victim)?.disarm()
      this.#armed.delete(victim)
      this.#hit.delete(victim)
      this.kills++
      this.#start(victim)
    }
  }

  /** Those that have ended by themselves. */
  ended(): string[] {
    const workers = [...this.#running.values()].filter(({ isRunning }) => !isRunning)
    return workers.map((worker) => `${worker.name} has ended by itself\n${worker.tail()}`)
  }

  #start(command: Command): void {
    this.#running.set(command, this.#field.start(command, command === 'detect' ? this.detectorEnv : {}))
  }
}
