import { DriftstreamError } from '../errors/driftstream-error.ts'

/** Documented in the README and stable. 78 is EX_CONFIG of BSD's sysexits. */
export const EXIT = { ok: 0, failure: 1, usage: 2, refused: 78, interrupted: 130 } as const

/** What an error says to the person at the terminal, and the exit code it ends the process with. */
export function describeFailure(error: unknown): { text: string; exitCode: number } {
  if (!(error instanceof DriftstreamError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { text: `unexpected: ${text}`, exitCode: EXIT.failure }
  }
  const refused = error.fate === 'refuse-start'
  return {
    text: `${refused ? 'refused to start' : 'failed'} (${error.code})\n${error.message}`,
    exitCode: refused ? EXIT.refused : EXIT.failure,
  }
}
