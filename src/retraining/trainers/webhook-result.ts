import { randomUUID } from 'node:crypto'
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { holdoutPrediction, type TrainerInput } from '../../events/training-row.ts'
import { TrainerFailure } from './failure.ts'

/** What a trainer answers over HTTP, or calls back with: predictions in it, or where they lie. */
const webhookResult = z.object({
  artifact: z.string().min(1),
  notes: z.string().max(2000).default(''),
  predictions: z.array(holdoutPrediction).optional(),
  predictionsPath: z.string().min(1).optional(),
  trainedRows: z.int().min(0).optional(),
})
export type WebhookResult = z.infer<typeof webhookResult>

const CALLED_BACK = 'called-back.json'

/** @throws TrainerFailure, with what was expected and what came */
export function parseWebhookResult(text: string, where: string): WebhookResult {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new TrainerFailure(`${where} is not JSON`)
  }
  const parsed = webhookResult.safeParse(value)
  if (!parsed.success) throw new TrainerFailure(`${where}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** Leaves an answer where a command would have left its result; the result last, so that it is whole. */
export async function keepWebhookResult(
  { predictions, predictionsPath, ...told }: WebhookResult,
  input: TrainerInput,
  directory: string,
): Promise<void> {
  const path = predictions === undefined ? predictionsPath : join(directory, 'predictions.jsonl')
  if (predictions !== undefined) {
    await writeFile(
      join(directory, 'predictions.jsonl'),
      predictions.map((each) => `${JSON.stringify(each)}\n`).join(''),
    )
  }
  await writeFile(`${input.resultPath}.part`, JSON.stringify({ ...told, predictionsPath: path }))
  await rename(`${input.resultPath}.part`, input.resultPath)
}

/** Keeps what a trainer called back with first, until its job is asked after; false where it has called before. */
export async function keepCallback(directory: string, result: unknown): Promise<boolean> {
  await mkdir(directory, { recursive: true })
  const path = join(directory, CALLED_BACK)
  const part = `${path}.${randomUUID()}.part`
  await writeFile(part, JSON.stringify(result), { flush: true })
  try {
    await link(part, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(part)
  }
}

export function callbackPath(directory: string): string {
  return join(directory, CALLED_BACK)
}
