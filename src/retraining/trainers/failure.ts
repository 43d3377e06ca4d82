import { stripVTControlCharacters } from 'node:util'

/** Why a training failed, on its way to becoming the reason in a deployment event. */
export class TrainerFailure extends Error {
  override readonly name = 'TrainerFailure'
  readonly timedOut: boolean

  constructor(reason: string, timedOut = false) {
    super(reason)
    this.timedOut = timedOut
  }
}

const REASON_LENGTH_MAX = 2000

/** A child's words, fit for an event, a log line and a terminal: one line, no control characters. */
export function plainReason(text: string): string {
  const plain = stripVTControlCharacters(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
  return plain.length <= REASON_LENGTH_MAX ? plain : `${plain.slice(0, REASON_LENGTH_MAX - 1)}…`
}
