import type { AlertSeverity, AlertSubject } from '../events/alert-event.ts'
import type { Diagnosis } from '../events/drift-event.ts'
import type { SecretSource } from './security-options.ts'

/** Where alerts go, and which. */
interface SinkBase {
  /** Of its own in the configuration; a label of metrics. */
  readonly name: string
  /** Null: all. With diagnoses, alerts that have none are left out. */
  readonly models: ReadonlySet<string> | null
  readonly diagnoses: ReadonlySet<Diagnosis> | null
  readonly about: ReadonlySet<AlertSubject>
  /** At least. */
  readonly severity: AlertSeverity
  /** At most so many in any stretch of `perMs`, by this process's clock; what is more is counted and left out. */
  readonly atMost: number
  readonly perMs: number
  /** Events that lie longer in the log are old news: a first start does not tell the past. */
  readonly staleAfterMs: number
  /** From the first attempt on. */
  readonly giveUpAfterMs: number
}

export interface LogSinkOptions extends SinkBase {
  readonly kind: 'log'
}

export interface WebhookSinkOptions extends SinkBase {
  readonly kind: 'webhook'
  readonly url: string
  /** Null: deliveries are not signed. */
  readonly secret: SecretSource | null
  /** Of one attempt. */
  readonly requestTimeLimitMs: number
}

export interface SlackSinkOptions extends SinkBase {
  readonly kind: 'slack'
  /** Whoever knows the address may write: it is a secret. */
  readonly url: SecretSource
  readonly requestTimeLimitMs: number
}

export type AlertSinkOptions = LogSinkOptions | WebhookSinkOptions | SlackSinkOptions
