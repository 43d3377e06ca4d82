import type { z } from 'zod'
import { oneOf, section, text } from './scalars.ts'
import type { LoginOptions, SecretSource, SecurityOptions } from './security-options.ts'

const SECURITY_PROTOCOLS = ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'] as const
export const MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'] as const

/** A key without a value is none: so the example can show them all. */
const file = () => text('a path').nullish()
const variable = () =>
  text('the name of an environment variable', (raw) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(raw)).nullish()

/**
 * How the brokers are reached. No key takes a secret: each is named by the file or the environment variable
 * that holds it, so that a configuration can be shown to anybody.
 */
export const securitySchema = section({
  protocol: oneOf(SECURITY_PROTOCOLS).default('plaintext'),
  tls: section({
    caFile: file(),
    certificateFile: file(),
    keyFile: file(),
    keyPassphraseFile: file(),
    keyPassphraseVariable: variable(),
    serverName: text('a host name').nullish(),
  }),
  login: section({
    mechanism: oneOf(MECHANISMS).nullish(),
    username: text('a name').nullish(),
    passwordFile: file(),
    passwordVariable: variable(),
    tokenFile: file(),
  }),
})

type SecurityEntry = z.infer<typeof securitySchema>

export function usesTls(protocol: unknown): boolean {
  return protocol === 'ssl' || protocol === 'sasl_ssl'
}

export function logsIn(protocol: unknown): boolean {
  return protocol === 'sasl_plaintext' || protocol === 'sasl_ssl'
}

/** `entry` has passed the schema and `securityFaults`. */
export function toSecurity({ protocol, tls, login }: SecurityEntry): SecurityOptions {
  return {
    tls: usesTls(protocol)
      ? {
          caFile: tls.caFile ?? null,
          certificateFile: tls.certificateFile ?? null,
          keyFile: tls.keyFile ?? null,
          keyPassphrase: secretOf(tls.keyPassphraseVariable, tls.keyPassphraseFile),
          serverName: tls.serverName ?? null,
        }
      : null,
    login: logsIn(protocol) ? toLogin(login) : null,
  }
}

function toLogin(login: SecurityEntry['login']): LoginOptions {
  const { mechanism, username, passwordVariable, passwordFile, tokenFile } = login
  if (mechanism === 'oauthbearer') return { mechanism, tokenFile: tokenFile! }
  return { mechanism: mechanism!, username: username!, password: secretOf(passwordVariable, passwordFile)! }
}

export function secretOf(
  name: string | null | undefined,
  path: string | null | undefined,
): SecretSource | null {
  if (typeof name === 'string') return { kind: 'variable', name }
  return typeof path === 'string' ? { kind: 'file', path } : null
}
