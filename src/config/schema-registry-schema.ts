import type { z } from 'zod'
import { SCHEMA_REGISTRY_DEFAULTS } from './defaults.ts'
import { type Fault, formatPath, quoteValue } from './fault.ts'
import { duration, section, text, wholeNumber } from './scalars.ts'
import type { SchemaRegistryOptions } from './schema-registry-options.ts'
import { secretOf } from './security-schema.ts'
import { isSection, valueAt } from './tree.ts'

const file = () => text('a path').nullish()

/** Secrets are named by the file or the environment variable that holds them. */
export const schemaRegistrySchema = section({
  url: text('an http or https address without a user, a query or a fragment', isPlainAddress).nullish(),
  username: text('a name').nullish(),
  passwordFile: file(),
  passwordVariable: text('the name of an environment variable', (raw) =>
    /^[A-Za-z_][A-Za-z0-9_]*$/.test(raw),
  ).nullish(),
  tokenFile: file(),
  caFile: file(),
  requestTimeLimit: duration().default(SCHEMA_REGISTRY_DEFAULTS.requestTimeLimitMs),
  outageMax: duration(0).default(SCHEMA_REGISTRY_DEFAULTS.outageMaxMs),
  unknownWait: duration(0).default(SCHEMA_REGISTRY_DEFAULTS.unknownWaitMs),
  cacheMax: wholeNumber(10).default(SCHEMA_REGISTRY_DEFAULTS.cacheMax),
})

type SchemaRegistryEntry = z.infer<typeof schemaRegistrySchema>

/** A user in an address would be a password in the configuration, and in every message about it. */
function isPlainAddress(raw: string): boolean {
  const url = URL.parse(raw)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}

const LOGIN_KEYS = ['username', 'passwordFile', 'passwordVariable', 'tokenFile', 'caFile'] as const

/** A login that is half there or there twice, or for no address. */
export function schemaRegistryFaults(tree: unknown): Fault[] {
  const given = valueAt(tree, ['schemaRegistry'])
  if (!isSection(given)) return []
  const has = (key: string) => given[key] !== undefined && given[key] !== null
  const fault = (key: string, expected: string): Fault => ({
    path: formatPath(['schemaRegistry', key]),
    expected,
    got: quoteValue(given[key] ?? undefined),
  })
  if (!has('url')) {
    return LOGIN_KEYS.some(has) ? [fault('url', 'the address of the registry')] : []
  }
  const faults: Fault[] = []
  const passwords = ['passwordFile', 'passwordVariable'].filter(has)
  if (passwords.length === 2) faults.push(fault('passwordFile', 'nothing beside passwordVariable'))
  if (has('username') && passwords.length === 0) {
    faults.push(fault('passwordVariable', 'passwordVariable or passwordFile'))
  }
  if (!has('username') && passwords.length > 0) faults.push(fault('username', 'a name'))
  if (has('tokenFile') && (has('username') || passwords.length > 0)) {
    faults.push(fault('tokenFile', 'nothing beside a password'))
  }
  const url = typeof given.url === 'string' ? URL.parse(given.url) : null
  if (url?.protocol === 'http:' && has('caFile')) faults.push(fault('caFile', 'nothing, or an https address'))
  return faults
}

/** `entry` has passed the schema and `schemaRegistryFaults`; null where there is no registry. */
export function toSchemaRegistry(entry: SchemaRegistryEntry): SchemaRegistryOptions | null {
  const { url, username, passwordVariable, passwordFile, tokenFile, caFile } = entry
  if (url == null) return null
  const password = secretOf(passwordVariable, passwordFile)
  return {
    url,
    login:
      tokenFile != null
        ? { kind: 'token', tokenFile }
        : username != null && password !== null
          ? { kind: 'password', username, password }
          : null,
    caFile: caFile ?? null,
    requestTimeLimitMs: entry.requestTimeLimit,
    outageMaxMs: entry.outageMax,
    unknownWaitMs: entry.unknownWait,
    cacheMax: entry.cacheMax,
  }
}
