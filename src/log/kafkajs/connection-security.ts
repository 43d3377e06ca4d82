import type { ConnectionOptions } from 'node:tls'
import type { Mechanism, SASLOptions } from 'kafkajs'
import { tokenLogin } from './mend-token-login.ts'

/** How a connection is encrypted, and who this client says it is; with what that takes at hand. */
export interface ConnectionSecurity {
  /** Null for connections in the clear. */
  readonly tls: TlsMaterial | null
  readonly login: Login | null
}

export interface TlsMaterial {
  /** PEM; absent where the system's own authorities are to be trusted. */
  readonly ca?: string
  /** PEM, with the key: for brokers that ask who connects. */
  readonly certificate?: string
  readonly key?: string
  readonly keyPassphrase?: string
  /** The name in the broker's certificate, where it is not the one connected to. */
  readonly serverName?: string
}

export type Login =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: string
    }
  /** The token is asked for anew at every login: it expires, and whoever renews it does so elsewhere. */
  | { readonly mechanism: 'oauthbearer'; readonly token: () => Promise<string> }

/** The same in the client's words. */
export function clientSecurity({ tls, login }: ConnectionSecurity): {
  ssl?: ConnectionOptions
  sasl?: SASLOptions | Mechanism
} {
  return {
    ...(tls === null ? {} : { ssl: tlsOptions(tls) }),
    ...(login === null ? {} : { sasl: saslOptions(login) }),
  }
}

function tlsOptions({ ca, certificate, key, keyPassphrase, serverName }: TlsMaterial): ConnectionOptions {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined ? {} : { cert: certificate }),
    ...(key === undefined ? {} : { key }),
    ...(keyPassphrase === undefined ? {} : { passphrase: keyPassphrase }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  }
}

function saslOptions(login: Login): SASLOptions | Mechanism {
  if (login.mechanism === 'oauthbearer') return tokenLogin(login.token)
  // The client's type asks for one mechanism at a time.
  return login as SASLOptions
}
