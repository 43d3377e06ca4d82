import { createHmac, timingSafeEqual } from 'node:crypto'

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
  return { ...plain, 'webhook-signature': signatureOf(secret, deliveryId, String(seconds), body) }
}

/** How far the time of a signature may lie from the time at which it came. */
const SIGNATURE_AGE_MS_MAX = 300_000

/**
 * What is wrong with the headers of something that came signed, or null where nothing is. One good signature
 * among several, divided by spaces, is enough, so that a secret can be changed.
 * @param header value of a header by its name in lower case
 * @param sinceMs earliest time at which it can have been signed, epoch ms
 * @param cameAtMs when it came, epoch ms
 */
export function signatureFault(
  secret: string,
  header: (name: string) => string | undefined,
  body: Uint8Array,
  sinceMs: number,
  cameAtMs: number,
): string | null {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(header)
  if (id === undefined || time === undefined || signatures === undefined) {
    return 'expected the headers webhook-id, webhook-timestamp and webhook-signature, not all of them came'
  }
  const expected = Buffer.from(signatureOf(secret, id, time, body))
  const isSigned = signatures.split(' ').some((signature) => {
    const got = Buffer.from(signature)
    return got.length === expected.length && timingSafeEqual(got, expected)
  })
  if (!isSigned) return 'its signature is not that of the secret'
  const signedAt = Number(time) * 1000
  const near = Math.abs(cameAtMs - signedAt) <= SIGNATURE_AGE_MS_MAX
  if (near && signedAt >= sinceMs - SIGNATURE_AGE_MS_MAX) return null
  return `its webhook-timestamp ${time} is too far from when it came, or from before the training`
}

function signatureOf(secret: string, id: string, time: string, body: string | Uint8Array): string {
  return `v1,${createHmac('sha256', secret).update(`${id}.${time}.`).update(body).digest('base64')}`
}
