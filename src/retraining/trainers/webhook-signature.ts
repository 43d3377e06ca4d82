import { createHmac } from 'node:crypto'

/**
 * Headers that let a receiver tell that a request is ours, fresh, and not one it has answered before: an
 * HMAC-SHA256 over delivery id, time and body, in base64 behind the version of the scheme.
 * Source: Standard Webhooks 1.0.0, "Webhook headers (sending metadata to consumers)".
 * @param secret null: unsigned, with id and time alone
 * @param seconds epoch seconds
 */
export function signatureHeaders(
  secret: string | null,
  deliveryId: string,
  seconds: number,
  body: string,
): Record<string, string> {
  const plain = { 'webhook-id': deliveryId, 'webhook-timestamp': String(seconds) }
  if (secret === null) return plain
  const signed = createHmac('sha256', secret).update(`${deliveryId}.${seconds}.${body}`).digest('base64')
  return { ...plain, 'webhook-signature': `v1,${signed}` }
}
