import { DriftstreamError } from '../../src/errors/driftstream-error.ts'

/** What is thrown where something is refused. @throws where nothing is, or another kind of error */
export function refusal(attempt: () => unknown): DriftstreamError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof DriftstreamError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Its code; null where nothing is thrown. */
export function refusalCode(attempt: () => unknown): string | null {
  try {
    attempt()
    return null
  } catch (error) {
    return error instanceof DriftstreamError ? error.code : String(error)
  }
}
