import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrainerTask } from '../../src/retraining/trainers/trainer.ts'

/** A training of one row to answer, whose job lies in `folder`. */
export function smallTask(folder: string): TrainerTask {
  const directory = join(folder, 'job')
  mkdirSync(directory)
  const file = (name: string) => join(directory, name)
  writeFileSync(file('holdout'), '{"id":"h1"}\n')
  const input = {
    requestId: 'r1',
    idempotencyKey: 'k1',
    deadlineAt: null,
    model: 'flights',
    fromVersion: '1',
    toVersion: '2',
    trainPath: file('train'),
    holdoutPath: file('holdout'),
    resultPath: file('result'),
    artifactDirectory: folder,
  }
  return { directory, input, restarts: 0, offerForMs: Number.POSITIVE_INFINITY }
}
