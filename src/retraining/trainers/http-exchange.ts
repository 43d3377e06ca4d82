import { TrainerFailure } from './failure.ts'

export interface HttpAnswer {
  readonly status: number
  readonly location: string | null
  readonly text: string
}

/** Predictions of a large holdout come in the answer; more is a fault. */
const ANSWER_BYTES_MAX = 268_435_456

/**
 * One request and its whole answer, within a time limit and a size. Redirects are not followed: they would
 * carry the signature to another receiver.
 * @throws TrainerFailure for what is no answer: no connection, too slow, too large
 */
export async function exchange(
  url: string,
  request: {
    readonly method: 'GET' | 'POST' | 'DELETE'
    readonly headers: Record<string, string>
    readonly body?: string
  },
  timeLimitMs: number,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)])
  try {
    const answer = await fetch(url, { ...request, redirect: 'manual', signal: ends })
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of answer.body ?? []) {
      bytes += part.length
      if (bytes > ANSWER_BYTES_MAX)
        throw new TrainerFailure(`more than ${ANSWER_BYTES_MAX} bytes came from ${url}`)
      parts.push(part)
    }
    const text = Buffer.concat(parts).toString('utf8')
    return { status: answer.status, location: answer.headers.get('location'), text }
  } catch (cause) {
    if (cause instanceof TrainerFailure) throw cause
    if (signal.aborted) throw new TrainerFailure('the exchange was given up')
    if (ends.aborted) throw new TrainerFailure(`no answer from ${url} within ${timeLimitMs} ms`)
    const reason =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new TrainerFailure(`no answer from ${url}: ${reason}`)
  }
}
