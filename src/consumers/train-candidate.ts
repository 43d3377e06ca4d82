import { randomUUID } from 'node:crypto'
import { mkdir, rename, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppOptions, ConfiguredModel, TopicNames } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { TrainerJob } from '../events/deployment-event.ts'
import type { HoldoutPrediction, TrainingRow } from '../events/training-row.ts'
import { writeJsonLines } from '../files/jsonl.ts'
import type { TrainEffect } from '../retraining/rollout-result.ts'
import { plainReason, TrainerFailure } from '../retraining/trainers/failure.ts'
import { predictHoldout } from '../retraining/trainers/predictor.ts'
import { readPredictions } from '../retraining/trainers/read-delivery.ts'
import type { Trainer, TrainerProgress, TrainerTask } from '../retraining/trainers/trainer.ts'
import type { Edge } from './edge.ts'
import { trainerTask } from './job-directory.ts'
import { type Candidate, judgeTrained, type Split, unfitCandidate } from './judge-trained.ts'
import { prepareTraining } from './prepare-training.ts'
import type { LabelledRow } from './training-rows.ts'

/** What a training tells on its way. */
export interface TrainingNews {
  /** Resolves once the log holds the job: nobody may ask after it before. `lost`: it is one in place of another. */
  submitted(job: TrainerJob, lost?: { readonly restarts: number; readonly reason: string }): Promise<void>
  delivered(artifact: string): void
}

/** What a training needs of its surroundings: where rows and references are, and what time it is. */
export interface TrainingSurroundings {
  readonly options: Pick<AppOptions, 'mapping' | 'artifacts'> & {
    readonly topics: { readonly names: Pick<TopicNames, 'features' | 'labels' | 'references'> }
  }
  readonly edge: Pick<Edge, 'log' | 'clock' | 'schemas'>
}

/** Why a training is no longer followed: nobody wants it. Any other reason leaves it to whoever comes next. */
export const CANCELLED = 'cancelled'

/** How often a job is asked after: soon at first, then less and less. */
const POLL_MS_MIN = 20
const POLL_MS_MAX = 5_000
const POLL_GROWTH = 1.3

/**
 * Reads the training range back from the log, has the candidate trained on its earlier part, and compares
 * it with the champion on the later part, which the trainer sees without labels. The champion's side is
 * what it really said when the events came. Whatever goes wrong on the way is a failed candidate.
 *
 * A job that is lost is handed over again as often as the trainer's `restartsMax` says, and then fails.
 *
 * A training that was handed over before (`effect.job`) is asked after and not handed over again; the rows are
 * read anew, and are the same. Null when `signal` was aborted: the training goes on without us.
 */
export async function trainCandidate(
  effect: TrainEffect,
  model: ConfiguredModel,
  trainer: Trainer,
  options: TrainingSurroundings['options'],
  edge: TrainingSurroundings['edge'],
  news: TrainingNews,
  signal: AbortSignal,
): Promise<Candidate | null> {
  const { request } = effect
  const failed = (reason: string, timedOut = false): Candidate => ({
    kind: 'training-failed',
    requestId: request.id,
    reason,
    timedOut,
  })
  let { job } = effect
  try {
    const split = await prepareTraining(request, model, options, edge.log, edge.schemas)
    if (split.kind === 'too-small') return failed(split.reason)
    if (split.kind === 'unfit') return unfitCandidate(request.id, split.gates)
    const task = trainerTask(effect, options.artifacts, edge.clock.now())
    await writeRows(task, split)
    if (signal.aborted) return null

    if (job === null) {
      job = await trainer.submit(task, signal)
      await news.submitted(job)
    }
    let outcome = await followed(trainer, job, task, signal)
    for (let { restarts } = task; outcome?.kind === 'lost'; ) {
      const { reason } = outcome
      const restartsMax = model.trainer?.restartsMax ?? 0
      if (restarts >= restartsMax) {
        return failed(restarts === 0 ? reason : `${reason}; it was handed over ${restarts + 1} times`)
      }
      restarts++
      job = await trainer.submit({ ...task, restarts }, signal)
      await news.submitted(job, { restarts, reason })
      outcome = await followed(trainer, job, { ...task, restarts }, signal)
    }
    if (outcome === null) return null
    if (outcome.kind === 'failed') return failed(outcome.reason, outcome.timedOut)
    news.delivered(outcome.result.artifact)
    const predictions = outcome.predictions ?? (await predicted(model, task, outcome.result.artifact, signal))
    return judgeTrained(effect, model, split, { ...outcome, predictions }, edge)
  } catch (error) {
    if (signal.aborted) return null
    if (error instanceof TrainerFailure) return failed(plainReason(error.message), error.timedOut)
    if (error instanceof DriftstreamError && error.fate === 'fail-request') return failed(error.message)
    throw error
  } finally {
    if (job !== null && signal.aborted && signal.reason === CANCELLED) await trainer.cancel(job)
  }
}

/** For a trainer that left the predictions to somebody else. */
async function predicted(
  { predictor }: ConfiguredModel,
  { input }: TrainerTask,
  artifact: string,
  signal: AbortSignal,
): Promise<readonly HoldoutPrediction[]> {
  if (predictor == null) {
    throw new TrainerFailure('the trainer left no predictions, and no predictor is configured')
  }
  return await readPredictions(await predictHoldout(predictor, input, artifact, signal), input, signal)
}

/** Asks until it is over; null when told to stop asking. */
async function followed(
  trainer: Trainer,
  job: TrainerJob,
  task: TrainerTask,
  signal: AbortSignal,
): Promise<Exclude<TrainerProgress, { kind: 'running' }> | null> {
  for (let pauseMs = POLL_MS_MIN; !signal.aborted; pauseMs = Math.min(POLL_MS_MAX, pauseMs * POLL_GROWTH)) {
    const progress = await trainer.poll(job, task, signal)
    if (progress.kind !== 'running') return signal.aborted ? null : progress
    await delay(pauseMs, undefined, { signal }).catch(() => {})
  }
  return null
}

/** Rows that are there stay: whoever was asked before a restart may be reading them. */
async function writeRows({ input, directory }: TrainerTask, split: Split): Promise<void> {
  await mkdir(directory, { recursive: true })
  const files = [
    [input.trainPath, split.train.map(trainingRow)],
    [input.holdoutPath, [...split.oldRegime, ...split.holdout].map(withoutLabel)],
  ] as const
  for (const [path, rows] of files) {
    if ((await stat(path).catch(() => null)) !== null) continue
    const part = `${path}.${randomUUID()}.part`
    await writeJsonLines(part, rows)
    await rename(part, path)
  }
}

function trainingRow({ id, at, features, label }: LabelledRow): TrainingRow {
  return { id, at, features, label }
}

function withoutLabel({ id, at, features }: LabelledRow): TrainingRow {
  return { id, at, features }
}
