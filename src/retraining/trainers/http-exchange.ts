import { TrainerFailure } from './failure.ts'

export interface HttpAnswer {
  readonly status: number
  readonly location: string | null
  /** The header of that name, as it came. */
  readonly retryAfter: string | null
  readonly text: string
}

/** Nobody answered, or not in time: there may be an answer later. */
export class NoAnswer extends TrainerFailure {}

/** An answer that will be no smaller when it is asked for again. */
export class AnswerTooLarge extends TrainerFailure {}

/** Predictions of a large holdout come in the answer; more is a fault. */
const ANSWER_BYTES_MAX = 268_435_456

/**
 * One request and its whole answer, within a time limit and a size. Redirects are not followed: they would
 * carry the signature to another receiver.
 * @throws NoAnswer: no connection, too slow, given up; AnswerTooLarge
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
  bytesMax: number = ANSWER_BYTES_MAX,
): Promise<HttpAnswer> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(timeLimitMs)])
  try {
    const answer = await fetch(url, { ...request, redirect: 'manual', signal: ends })
    const parts: Uint8Array[] = []
    let bytes = 0
    for await (const part of answer.body ?? []) {
      bytes += part.length
      if (bytes > bytesMax) throw new AnswerTooLarge(`more than ${bytesMax} bytes came from ${url}`)
      parts.push(part)
    }
    const text = Buffer.concat(parts).toString('utf8')
    const { status, headers } = answer
    return { status, location: headers.get('location'), retryAfter: headers.get('retry-after'), text }
  } catch (cause) {
    if (cause instanceof TrainerFailure) throw cause
    if (signal.aborted) throw new NoAnswer('the exchange was given up')
    if (ends.aborted) throw new NoAnswer(`no answer from ${url} within ${timeLimitMs} ms`)
    const reason =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause)
    throw new NoAnswer(`no answer from ${url}: ${reason}`)
  }
}
