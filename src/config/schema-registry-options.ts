import type { SecretSource } from './security-options.ts'

/** Where the schemas of framed source events are, and how patiently they are asked for. */
export interface SchemaRegistryOptions {
  readonly url: string
  /** Null: nobody is asked for. */
  readonly login:
    | { readonly kind: 'password'; readonly username: string; readonly password: SecretSource }
    | { readonly kind: 'token'; readonly tokenFile: string }
    | null
  /** A path of a PEM file; null: the authorities that the system trusts. */
  readonly caFile: string | null
  readonly requestTimeLimitMs: number
  /** How long the registry may be away before a process that waits for it ends. */
  readonly outageMaxMs: number
  /** How long an id that the registry does not have is waited for. */
  readonly unknownWaitMs: number
  /** Schemas kept in memory. */
  readonly cacheMax: number
}
