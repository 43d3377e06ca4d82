import type { WebhookSinkOptions } from '../../config/alert-options.ts'
import { type AlertEvent, alertEventType } from '../../events/alert-event.ts'
import { readTrainerSecret } from '../../retraining/trainers/read-secret.ts'
import { signatureHeaders } from '../../retraining/trainers/webhook-signature.ts'
import type { AlertSink } from './alert-sink.ts'
import { post } from './post.ts'

/** Alerts as CloudEvents in structured mode, signed as a training is; the delivery id is the alert's. */
export function createWebhookSink(options: WebhookSinkOptions, source: string): AlertSink {
  return {
    async deliver(alert, suppressed, signal) {
      const body = JSON.stringify(structured(alert, suppressed, source))
      const secret = await readTrainerSecret(options.secret)
      const signed = signatureHeaders(secret, alert.id, Math.floor(Date.now() / 1_000), body)
      const headers = { ...signed, 'content-type': 'application/cloudevents+json' }
      await post(options.url, { headers, body }, options, signal)
    },
  }
}

/** `suppressed` is an extension attribute: it tells of the delivery, not of the alert. */
function structured(alert: AlertEvent, suppressed: number, source: string) {
  return {
    specversion: '1.0',
    id: alert.id,
    type: alertEventType.type,
    source,
    subject: alert.model,
    time: new Date(alert.at).toISOString(),
    datacontenttype: 'application/json',
    ...(suppressed > 0 ? { suppressed } : {}),
    data: alert,
  }
}
