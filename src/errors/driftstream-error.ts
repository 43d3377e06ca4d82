import { ERROR_FATES, type ErrorCode, type ErrorFate } from './codes.ts'

/** Where something went wrong, and what stood there. All fields land in logs and dead-letter headers. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>

/**
 * The one error class of driftstream. The message says what was expected, what came, and where;
 * the fate is read from the table and cannot be chosen at the place of the throw.
 */
export class DriftstreamError extends Error {
  override readonly name = 'DriftstreamError'
  readonly code: ErrorCode
  readonly context: ErrorContext

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.context = context
  }

  get fate(): ErrorFate {
    return ERROR_FATES[this.code]
  }
}
