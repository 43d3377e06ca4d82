import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import apiModule from '@kafkajs/confluent-schema-registry/dist/api/index.js'
import type { RegisteredSchema } from '../events/framed/schema.ts'

/** How a registry is reached, with what that takes at hand. */
export interface RegistryAccess {
  /** With the path below which its API lies. */
  readonly url: string
  readonly login:
    | { readonly username: string; readonly password: string }
    /** Asked for at every request: it expires, and whoever renews it does so elsewhere. */
    | { readonly token: () => Promise<string> }
    | null
  /** PEM; absent where the system's own authorities are to be trusted. */
  readonly ca?: string
  readonly requestTimeLimitMs: number
}

export interface RegistryClient {
  /**
   * The schema of an id with all that it refers to; null where the registry has none of that id.
   * @throws Error where no registry answers, or it refuses to
   */
  fetch(id: number): Promise<RegisteredSchema | null>
  close(): void
}

type CreateApi = typeof apiModule.default

/** Node hands out the package's module, a test runner its default. */
const createApi: CreateApi = typeof apiModule === 'function' ? (apiModule as CreateApi) : apiModule.default

/** Nothing is asked twice here: whoever asks has a pace of its own. All keys: the package keeps what it is given. */
const NO_RETRY = {
  retries: 0,
  factor: 0,
  multiplier: 1,
  initialRetryTimeInSecs: 0,
  maxRetryTimeInSecs: 0,
}

interface Reference {
  readonly name: string
  readonly subject: string
  readonly version: number
}

interface Answer {
  readonly schema: string
  readonly schemaType?: string
  readonly references?: readonly Reference[] | null
}

/**
 * Asks a registry that speaks Confluent's API. The package's requests alone are used: what it makes of
 * schemas knows neither where Confluent puts the path of a message nor what bytes of chance may ask for.
 */
export function openRegistryClient(access: RegistryAccess): RegistryClient {
  const { url, login, ca, requestTimeLimitMs: timeout } = access
  const settings = { keepAlive: true, maxSockets: 4, ...(ca === undefined ? {} : { ca }) }
  const agent = url.startsWith('https:') ? new HttpsAgent(settings) : new HttpAgent(settings)
  const api = createApi({
    host: url.replace(/\/+$/, ''),
    clientId: 'driftstream',
    retry: NO_RETRY,
    agent,
    middlewares: login !== null && 'token' in login ? [bearer(login.token)] : [],
    ...(login !== null && 'username' in login ? { auth: login } : {}),
  })
  /** A 404 speaks of a schema where it comes from a registry, and of the address where it does not. */
  let isRegistry = false

  const fetch = async (id: number): Promise<RegisteredSchema | null> => {
    try {
      const {
        schema,
        schemaType = 'AVRO',
        references,
      } = (await api.Schema.find({ id, timeout })).data() as Answer
      // A proxy may say 200 and mean a page for people.
      if (typeof schema !== 'string') throw new Error(`${url} answers with something that is no schema`)
      isRegistry = true
      const named = await referencesOf(references ?? [], new Set())
      return { type: schemaType, text: schema, references: named }
    } catch (error) {
      if (statusOf(error) !== 404) throw withoutPrefix(error)
      isRegistry ||= await answersAsRegistry()
      if (isRegistry) return null
      throw new Error(`no schema registry answers at ${url}, which says 404 to everything`, { cause: error })
    }
  }

  const referencesOf = async (references: readonly Reference[], seen: Set<string>) => {
    const found: { name: string; text: string }[] = []
    for (const { name, subject, version } of references) {
      const key = JSON.stringify([subject, version])
      if (seen.has(key)) continue
      seen.add(key)
      const answer = (await api.Subject.version({ subject, version, timeout })).data() as Answer
      found.push(...(await referencesOf(answer.references ?? [], seen)), { name, text: answer.schema })
    }
    return found
  }

  const answersAsRegistry = async (): Promise<boolean> => {
    try {
      return Array.isArray((await api.Subject.all({ timeout })).data())
    } catch (error) {
      if (statusOf(error) === 404) return false
      // Who may not list subjects has been let in far enough to be told so.
      if (statusOf(error) === 403) return true
      throw error
    }
  }

  return { fetch, close: () => agent.destroy() }
}

type Middleware = NonNullable<Parameters<CreateApi>[0]['middlewares']>[number]

function bearer(token: () => Promise<string>): Middleware {
  return () => ({
    async prepareRequest(next) {
      const request = await next()
      return request.enhance({ headers: { Authorization: `Bearer ${await token()}` } })
    },
  })
}

function statusOf(error: unknown): number | null {
  return error instanceof Error && 'status' in error ? Number(error.status) : null
}

/** The package takes a connection that never was for status 400, and puts its own name before everything. */
function withoutPrefix(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  const [, unconnected, reason] = /^(?:driftstream - (Error, status 400: )?)?(.*)$/s.exec(message)!
  const isRefused = unconnected !== undefined && reason!.includes('certificate')
  const said = isRefused
    ? `the certificate of the registry is refused: ${reason} (trusted are the authorities in schemaRegistry.caFile, without it the system's)`
    : reason
  return new Error(said, { cause: error })
}
