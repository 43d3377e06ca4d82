import type { AlertEvent } from '../../events/alert-event.ts'

/** One place that alerts go to. */
export interface AlertSink {
  /**
   * Resolves once the alert has arrived. `suppressed`: alerts before it that the rate limit left out.
   * @throws DeliveryRefused where trying again is of no use; NotBefore, and anything else, is tried again
   */
  deliver(alert: AlertEvent, suppressed: number, signal: AbortSignal): Promise<void>
}

/** The receiver has answered, and will not answer otherwise. */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused'
}

/** The receiver has said how long it is not to be asked again. */
export class NotBefore extends Error {
  override readonly name = 'NotBefore'
  readonly waitMs: number

  constructor(message: string, waitMs: number) {
    super(message)
    this.waitMs = waitMs
  }
}
