import { exchange } from '../../retraining/trainers/http-exchange.ts'
import { DeliveryRefused, NotBefore } from './alert-sink.ts'
import { waitOf } from './retry-after.ts'

/** Too slow, too early, too many: the same request may be taken later. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429])

const REASON_LENGTH_MAX = 200

/**
 * Posts a body and sees it taken. An address may be a secret, so no error names it: `name` stands in its place.
 * @throws DeliveryRefused for an answer that will not change; NotBefore for one that may, and says when; Error
 * for one that does not say, or none
 */
export async function post(
  url: string,
  request: { readonly headers: Record<string, string>; readonly body: string },
  { name, requestTimeLimitMs }: { readonly name: string; readonly requestTimeLimitMs: number },
  signal: AbortSignal,
): Promise<void> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new DeliveryRefused(`expected an http or https address of ${name}, got something else`)
  }
  const answer = await exchange(url, { method: 'POST', ...request }, requestTimeLimitMs, signal).catch(
    (cause: unknown) => {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new Error(message.replaceAll(url, name))
    },
  )
  if (answer.status >= 200 && answer.status < 300) return
  const reason = `expected 2xx from ${name}, got ${answer.status}: ${answer.text.slice(0, REASON_LENGTH_MAX)}`
  if (answer.status >= 500 || LATER.has(answer.status)) {
    const waitMs = waitOf(answer.retryAfter, Date.now())
    throw waitMs === null ? new Error(reason) : new NotBefore(reason, waitMs)
  }
  throw new DeliveryRefused(reason)
}
