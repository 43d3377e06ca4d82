import type { ErrorCode } from '../errors/codes.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'

/** A file that is not what was expected; `line` counts from 1, 0 where no line is to blame. */
export function fileFault(
  code: ErrorCode,
  path: string,
  line: number,
  message: string,
  cause?: unknown,
): DriftstreamError {
  const place = line === 0 ? path : `${path}:${line}`
  return new DriftstreamError(code, `${place}: ${message}`, { path, line }, { cause })
}

/** Errors of our own pass; whatever the system or a library threw becomes a fault of the file. */
export function asFileFault(code: ErrorCode, path: string, line: number, error: unknown): DriftstreamError {
  if (error instanceof DriftstreamError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return fileFault(code, path, line, `expected a readable file, got: ${reason}`, error)
}
