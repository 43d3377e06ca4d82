/**
 * The demo's trainer as a command: `node examples/flights/train.ts` reads a trainer input as JSON on its
 * standard input and exits with 0 once the result is written. Faults go to standard error, exit code 1.
 */
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { trainerInput } from '../../src/events/training-row.ts'
import { train } from './trainer.ts'

try {
  const parsed = trainerInput.safeParse(JSON.parse(await text(process.stdin)))
  if (!parsed.success) {
    throw new DriftstreamError('TRAINER_FAILED', `expected a trainer input: ${z.prettifyError(parsed.error)}`)
  }
  const result = await train(parsed.data)
  process.stdout.write(`${result.notes}\n`)
} catch (fault) {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`)
  process.exitCode = 1
}
