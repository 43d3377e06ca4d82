import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { KnownSchemas } from '../events/framed/decode-framed.ts'
import { compileSchema, type PayloadDecoder, type RegisteredSchema } from '../events/framed/schema.ts'
import { METRICS } from '../metrics/catalogue.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { framedIds } from './framed-ids.ts'
import type { RegistryClient } from './registry-client.ts'
import { RegistryOutage } from './registry-outage.ts'

export interface SchemaTableOptions {
  /** Schemas that are kept; those not used for longest make room, and are asked for again. */
  readonly cacheMax: number
  /** How long an id that the registry does not have is waited for. */
  readonly unknownWaitMs: number
  /** How long the registry may be away before whoever waits for it gives up. */
  readonly outageMaxMs: number
}

/** How often a registry is asked. */
export interface Pace {
  /** After the registry said it does not have an id: not before. */
  readonly askAgainMs: number
  /** Between two tries while it is away: the first pause, and the longest. */
  readonly pauseMs: number
  readonly pauseMaxMs: number
  /** After an id was waited for in vain others are not: a stream of chance bytes would wait for each. */
  readonly impatientMs: number
}

const PACE: Pace = { askAgainMs: 10_000, pauseMs: 200, pauseMaxMs: 2_000, impatientMs: 60_000 }

/** Requests under way at a time. */
const REQUESTS_MAX = 4
/** Ids of which nothing can be decoded. Each is a few words, and bytes of chance bring many. */
const REFUSED_MAX = 10_000
/** How often whoever waits looks whether it should go on. */
const LOOK_MS = 1_000

interface Wanted {
  /** When the registry first said it has none of it. */
  absentSince: number | null
  askAt: number
}

interface Refused {
  readonly error: DriftstreamError
  /** When it may be asked for again; never for what does not change. */
  readonly askAt: number
}

/**
 * Schemas by id, as a process knows them. Asking takes time and decoding must not, so whoever decodes looks
 * up first (`lookUp`, or `settled` to wait) what a batch needs.
 *
 * An id that the registry does not have is asked for every ten seconds at most, waited for as long as
 * `unknownWaitMs`, and then refused. While the registry is away one request is made at a time, with growing
 * pauses.
 */
export class SchemaTable implements KnownSchemas {
  readonly #client: RegistryClient
  readonly #options: SchemaTableOptions
  readonly #logger: Logger
  readonly #metrics: Metrics
  readonly #pace: Pace
  readonly #outage: RegistryOutage
  readonly #tellNoMore: () => void
  /** Those used last are last. */
  readonly #decoders = new Map<number, PayloadDecoder>()
  readonly #refused = new Map<number, Refused>()
  readonly #wanted = new Map<number, Wanted>()
  readonly #closed = new AbortController()
  #isWorking = false
  #rouse = new AbortController()
  #impatientUntil = Number.NEGATIVE_INFINITY
  #settledOne = Promise.withResolvers<void>()

  constructor(
    client: RegistryClient,
    options: SchemaTableOptions,
    told: { readonly logger: Logger; readonly metrics: Metrics },
    pace: Pace = PACE,
  ) {
    this.#client = client
    this.#options = options
    this.#logger = told.logger
    this.#metrics = told.metrics
    this.#pace = pace
    this.#outage = new RegistryOutage(options.outageMaxMs, pace, told.logger)
    this.#tellNoMore = told.metrics.collect((set) => set(METRICS.schemaRegistryAway, {}, this.isAway ? 1 : 0))
  }

  /** The registry did not answer when it was asked last. */
  get isAway(): boolean {
    return this.#outage.isOn
  }

  decoderOf(id: number): PayloadDecoder {
    const decoder = this.#decoders.get(id)
    if (decoder !== undefined) return decoder
    const refused = this.#refused.get(id)
    if (refused !== undefined) throw refused.error
    throw new DriftstreamError('STATE_IMPOSSIBLE', `schema id ${id} is decoded before it was looked up`)
  }

  /** Are all of these known, or known to be none? What is not is asked for from now on. */
  lookUp(ids: ReadonlySet<number>): boolean {
    if (ids.size === 0) return true
    this.#makeRoom(ids)
    const now = performance.now()
    let areSettled = true
    for (const id of ids) {
      const decoder = this.#decoders.get(id)
      const refused = this.#refused.get(id)
      if (decoder !== undefined) {
        this.#decoders.delete(id)
        this.#decoders.set(id, decoder)
        continue
      }
      // Refused already: asked for once more in its time, which nobody waits for.
      if (refused === undefined) areSettled = false
      else if (refused.askAt > now) continue
      if (!this.#wanted.has(id)) this.#want(id)
    }
    return areSettled
  }

  /**
   * Resolves when all that these records need is settled. `waiting` is called every second meanwhile.
   * @throws SCHEMA_REGISTRY_UNAVAILABLE after `outageMaxMs`; the reason of `over` as soon as that is aborted
   */
  async settled(
    records: Parameters<typeof framedIds>[0],
    waiting: () => void = () => {},
    over?: AbortSignal,
  ): Promise<void> {
    const ids = framedIds(records)
    while (!this.lookUp(ids)) {
      this.checkOutage()
      over?.throwIfAborted()
      waiting()
      const look = sleep(LOOK_MS, undefined, over && { signal: over }).catch(() => {})
      await Promise.race([this.#settledOne.promise, look])
    }
  }

  /** @throws SCHEMA_REGISTRY_UNAVAILABLE when the registry has been away for too long */
  checkOutage(): void {
    this.#outage.check()
  }

  close(): void {
    this.#tellNoMore()
    this.#closed.abort()
    this.#client.close()
  }

  #want(id: number): void {
    this.#wanted.set(id, { absentSince: null, askAt: performance.now() })
    this.#rouse.abort()
    if (this.#isWorking) return
    this.#isWorking = true
    void this.#work()
  }

  /** Asks for what is wanted until nothing is. */
  async #work(): Promise<void> {
    while (this.#wanted.size > 0 && !this.#closed.signal.aborted) {
      const now = performance.now()
      const due = [...this.#wanted].filter(([, { askAt }]) => askAt <= now)
      const asked = due.slice(0, this.isAway ? 1 : REQUESTS_MAX)
      await Promise.all(asked.map(([id, wanted]) => this.#ask(id, wanted)))
      if (this.isAway) await this.#rest(this.#outage.nextPauseMs())
      else if (asked.length === 0) {
        const next = Math.min(...[...this.#wanted.values()].map(({ askAt }) => askAt))
        this.#rouse = new AbortController()
        await this.#rest(next - now, this.#rouse.signal)
      }
    }
    this.#isWorking = false
  }

  async #ask(id: number, wanted: Wanted): Promise<void> {
    let schema: RegisteredSchema | null
    try {
      schema = await this.#client.fetch(id)
    } catch (error) {
      this.#metrics.add(METRICS.schemaRequests, { outcome: 'away' })
      this.#outage.lost((error as Error).message)
      return
    }
    this.#outage.over()
    this.#metrics.add(METRICS.schemaRequests, { outcome: schema === null ? 'unknown' : 'found' })
    if (schema === null) this.#absent(id, wanted)
    else this.#found(id, schema)
  }

  #found(id: number, schema: RegisteredSchema): void {
    try {
      this.#decoders.set(id, compileSchema(schema))
      this.#refused.delete(id)
      this.#logger.info({ schema: id, type: schema.type }, 'schema known')
    } catch (error) {
      if (!(error instanceof DriftstreamError)) throw error
      this.#logger.error({ schema: id, code: error.code }, `schema id ${id} cannot be read: ${error.message}`)
      const named = new DriftstreamError(error.code, `schema id ${id}: ${error.message}`, { schema: id })
      this.#refused.set(id, { error: named, askAt: Number.POSITIVE_INFINITY })
    }
    this.#settle(id)
  }

  /** Believed at once where it was believed before, and where another was waited for in vain just now. */
  #absent(id: number, wanted: Wanted): void {
    const now = performance.now()
    wanted.absentSince ??= now
    const { unknownWaitMs } = this.#options
    const hasWaited = now - wanted.absentSince >= unknownWaitMs
    if (hasWaited || this.#refused.has(id) || now < this.#impatientUntil) {
      if (hasWaited && unknownWaitMs > 0) this.#impatientUntil = now + this.#pace.impatientMs
      const message = `the schema registry has no schema of id ${id}`
      const error = new DriftstreamError('SCHEMA_UNKNOWN', message, { schema: id })
      this.#refused.set(id, { error, askAt: now + this.#pace.askAgainMs })
      this.#settle(id)
      return
    }
    wanted.askAt = now + this.#pace.askAgainMs
    this.#logger.warn(
      { schema: id, waitMs: unknownWaitMs },
      `the schema registry has no schema of id ${id}: asking again before its records are refused`,
    )
  }

  #settle(id: number): void {
    this.#wanted.delete(id)
    this.#settledOne.resolve()
    this.#settledOne = Promise.withResolvers()
  }

  async #rest(ms: number, rouse?: AbortSignal): Promise<void> {
    const closed = this.#closed.signal
    const signal = rouse === undefined ? closed : AbortSignal.any([closed, rouse])
    await sleep(Math.max(0, ms), undefined, { signal, ref: false }).catch(() => {})
  }

  /** Never of what is just asked for: that would be asked for again without end. */
  #makeRoom(used: ReadonlySet<number>): void {
    for (const id of this.#decoders.keys()) {
      if (this.#decoders.size <= this.#options.cacheMax) break
      if (!used.has(id)) this.#decoders.delete(id)
    }
    for (const id of this.#refused.keys()) {
      if (this.#refused.size <= REFUSED_MAX) break
      if (!used.has(id)) this.#refused.delete(id)
    }
  }
}
