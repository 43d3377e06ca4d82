import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import {
  type HoldoutPrediction,
  holdoutPrediction,
  type TrainerInput,
  type TrainerResult,
  trainerResult,
} from '../../events/training-row.ts'
import { TrainerFailure } from './failure.ts'
import { readLines } from './read-lines.ts'

const RESULT_BYTES_MAX = 1_048_576
const PREDICTION_BYTES_MAX = 65_536
/** Our own file: a row of 2000 features with long texts fits. */
const HOLDOUT_BYTES_MAX = 16_777_216

export interface Delivery {
  readonly result: TrainerResult
  /** Null where the trainer made none. */
  readonly predictions: readonly HoldoutPrediction[] | null
}

/**
 * Reads what a trainer left: the result at `resultPath`, and the predictions it names (a relative path
 * counts from the trainer's `directory`). Everything is bounded: a megabyte of result, 64 KiB a line, as
 * many predictions as the holdout has rows.
 * @throws TrainerFailure, with what was expected and what came, where
 */
export async function readDelivery(
  input: TrainerInput,
  directory: string,
  signal: AbortSignal,
): Promise<Delivery> {
  const result = await readResult(input.resultPath)
  if (result.predictionsPath === undefined) return { result, predictions: null }
  return {
    result,
    predictions: await readPredictions(resolve(directory, result.predictionsPath), input, signal),
  }
}

async function readResult(path: string): Promise<TrainerResult> {
  await expectFile(path, 'a result', RESULT_BYTES_MAX)
  const text = await readFile(path, 'utf8')
  return parse(trainerResult, text, `the result at ${path}`)
}

async function countLines(path: string, signal: AbortSignal): Promise<number> {
  let rows = 0
  for await (const _ of readLines(path, HOLDOUT_BYTES_MAX, signal)) rows++
  return rows
}

/**
 * Predictions of the holdout from a file of JSON lines: no id twice, no more than it has rows.
 * @throws TrainerFailure, with what was expected and what came, where
 */
export async function readPredictions(
  path: string,
  { holdoutPath }: Pick<TrainerInput, 'holdoutPath'>,
  signal: AbortSignal,
): Promise<readonly HoldoutPrediction[]> {
  await expectFile(path, 'predictions', Number.POSITIVE_INFINITY)
  const holdoutRows = await countLines(holdoutPath, signal)
  const byId = new Map<string, HoldoutPrediction>()
  for await (const line of readLines(path, PREDICTION_BYTES_MAX, signal)) {
    const where = `prediction ${byId.size + 1} in ${path}`
    const prediction = parse(holdoutPrediction, line.toString('utf8'), where)
    if (byId.has(prediction.id))
      throw new TrainerFailure(`${where}: ${prediction.id} has been predicted before`)
    if (byId.size === holdoutRows) {
      throw new TrainerFailure(`more predictions than the ${holdoutRows} holdout rows in ${path}`)
    }
    byId.set(prediction.id, prediction)
  }
  return [...byId.values()]
}

function parse<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TrainerFailure(`${where} is not JSON: ${reason}`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new TrainerFailure(`${where}: ${z.prettifyError(parsed.error)}`)
}

/** A pipe or a device in place of a file would be read for ever. */
async function expectFile(path: string, what: string, bytesMax: number): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found === null) throw new TrainerFailure(`the trainer left no ${what.replace(/^a /, '')} at ${path}`)
  if (!found.isFile()) throw new TrainerFailure(`expected ${what} in a file, got another thing at ${path}`)
  if (found.size > bytesMax) {
    throw new TrainerFailure(`expected ${what} of at most ${bytesMax} bytes, got ${found.size} at ${path}`)
  }
}
