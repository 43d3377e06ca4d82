/** Where a secret is to be had; the configuration itself holds none. */
export type SecretSource =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }

/** Paths of PEM files; null where there is none. */
export interface TlsOptions {
  /** Null: the authorities that the system trusts. */
  readonly caFile: string | null
  readonly certificateFile: string | null
  readonly keyFile: string | null
  readonly keyPassphrase: SecretSource | null
  /** The name in the broker's certificate, where it is not the one connected to. */
  readonly serverName: string | null
}

export type LoginOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: SecretSource
    }
  | { readonly mechanism: 'oauthbearer'; readonly tokenFile: string }

/** How connections to the brokers are encrypted, and as whom this client logs in; null for not at all. */
export interface SecurityOptions {
  readonly tls: TlsOptions | null
  readonly login: LoginOptions | null
}
