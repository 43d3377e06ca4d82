import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { SchemaRegistryOptions } from '../config/schema-registry-options.ts'
import type { SecretSource, SecurityOptions } from '../config/security-options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { ConnectionSecurity } from '../log/kafkajs/connection-security.ts'
import type { RegistryAccess } from '../registry/registry-client.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * What the configuration names, read: certificates, keys and passwords once, a token anew at every login.
 * @throws CONFIG_UNREADABLE for a file that cannot be read or a variable that is not set; never with what
 * either holds
 */
export function readSecurity({ tls, login }: SecurityOptions, env: Environment): ConnectionSecurity {
  return {
    tls:
      tls === null
        ? null
        : {
            ...optional('ca', tls.caFile, readPem),
            ...optional('certificate', tls.certificateFile, readPem),
            ...optional('key', tls.keyFile, readPem),
            ...optional('keyPassphrase', tls.keyPassphrase, (source) => readSecret(source, env)),
            ...optional('serverName', tls.serverName, (name) => name),
          },
    login:
      login === null
        ? null
        : login.mechanism === 'oauthbearer'
          ? { mechanism: login.mechanism, token: tokenFrom(login.tokenFile) }
          : {
              mechanism: login.mechanism,
              username: login.username,
              password: readSecret(login.password, env),
            },
  }
}

/**
 * The same for a schema registry.
 * @throws CONFIG_UNREADABLE
 */
export function readRegistryAccess(
  { url, login, caFile, requestTimeLimitMs }: SchemaRegistryOptions,
  env: Environment,
): RegistryAccess {
  return {
    url,
    requestTimeLimitMs,
    ...optional('ca', caFile, readPem),
    login:
      login === null
        ? null
        : login.kind === 'token'
          ? { token: tokenFrom(login.tokenFile) }
          : { username: login.username, password: readSecret(login.password, env) },
  }
}

function optional<Name extends string, Source>(
  name: Name,
  source: Source | null,
  read: (source: Source) => string,
): { [key in Name]?: string } {
  return (source === null ? {} : { [name]: read(source) }) as { [key in Name]?: string }
}

function tokenFrom(path: string): () => Promise<string> {
  // Once now, so that a missing file is a fault of the start.
  readText(path)
  return async () => (await readFile(path, 'utf8')).trim()
}

function readSecret(source: SecretSource, env: Environment): string {
  // An editor ends a file with a line break; no password does.
  if (source.kind === 'file') return readText(source.path).replace(/\r?\n$/, '')
  const value = env[source.name]
  if (value !== undefined && value !== '') return value
  throw new DriftstreamError(
    'CONFIG_UNREADABLE',
    `expected a secret in the environment variable ${source.name}, which is not set`,
    { variable: source.name },
  )
}

/** Node takes what is no PEM for nothing at all, and then the broker is the one that is not trusted. */
function readPem(path: string): string {
  const text = readText(path)
  if (/-----BEGIN [A-Z0-9 ]+-----/.test(text)) return text
  throw new DriftstreamError(
    'CONFIG_UNREADABLE',
    `expected a certificate or key in PEM (-----BEGIN …) at ${path}, got ${text.length} characters without one`,
    { path },
  )
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const reason = (cause as Error).message
    throw new DriftstreamError('CONFIG_UNREADABLE', `expected a file at ${path}, got: ${reason}`, { path })
  }
}
