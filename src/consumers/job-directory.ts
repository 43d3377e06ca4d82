import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { stableId } from '../events/stable-id.ts'
import type { TrainerInput } from '../events/training-row.ts'
import type { TrainEffect } from '../retraining/rollout-result.ts'
import type { TrainerTask } from '../retraining/trainers/trainer.ts'

/** Names made of these are folders as they are; `.` and `..` are not such names. */
const FOLDER_NAME = /^(?!\.{1,2}$)[\w.-]{1,100}$/

/** Where a candidate's artifact is put. Versions come from events: one that is no folder's name is hashed. */
function artifactDirectory(artifacts: string, model: string, version: string): string {
  return join(resolve(artifacts), model, FOLDER_NAME.test(version) ? version : stableId('version', version))
}

/** The directory of one training beside its artifact; the same for the same request, after a restart as well. */
export function jobDirectory(artifacts: string, model: string, version: string, requestId: string): string {
  return join(artifactDirectory(artifacts, model, version), `job-${stableId('job', requestId)}`)
}

/** The training as a back-end is asked for it; `now` in epoch ms by the clock that dates the events. */
export function trainerTask(
  { request, fromVersion, toVersion, restarts, acceptedAt }: TrainEffect,
  artifacts: string,
  now: number,
): TrainerTask {
  const { model, deadlineAt } = request
  const directory = jobDirectory(artifacts, model, toVersion, request.id)
  const input: TrainerInput = {
    requestId: request.id,
    idempotencyKey: request.idempotencyKey ?? request.id,
    deadlineAt,
    model,
    fromVersion,
    toVersion,
    trainPath: join(directory, 'train.jsonl'),
    holdoutPath: join(directory, 'holdout.jsonl'),
    artifactDirectory: artifactDirectory(artifacts, model, toVersion),
    resultPath: join(directory, 'result.json'),
  }
  // The deadline is stream time, and so is the request's: what lies between them is what the clock may take.
  const left = deadlineAt === null ? Number.POSITIVE_INFINITY : acceptedAt + (deadlineAt - request.at) - now
  return { input, directory, restarts, offerForMs: Math.max(0, left) }
}

/** Removes the directory of a job, after whoever may still be at work in it. */
export async function removeOnce(directory: string, over: Promise<void> | undefined): Promise<void> {
  await over
  await rm(directory, { recursive: true, force: true })
}
