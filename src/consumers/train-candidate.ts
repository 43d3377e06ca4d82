import { randomUUID } from 'node:crypto'
import { mkdir, rename, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppOptions, ConfiguredModel, TopicNames } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { GateResult, TrainerJob } from '../events/deployment-event.ts'
import type { HoldoutPrediction, TrainingRow } from '../events/training-row.ts'
import { writeJsonLines } from '../files/jsonl.ts'
import { judgeCandidate } from '../retraining/gates.ts'
import type { HoldoutRow } from '../retraining/pair.ts'
import type { RolloutInput } from '../retraining/rollout.ts'
import type { TrainEffect } from '../retraining/rollout-result.ts'
import { plainReason, TrainerFailure } from '../retraining/trainers/failure.ts'
import { predictHoldout } from '../retraining/trainers/predictor.ts'
import { readPredictions } from '../retraining/trainers/read-delivery.ts'
import type { Trainer, TrainerProgress, TrainerTask } from '../retraining/trainers/trainer.ts'
import { buildReference } from '../sketches/reference-builder.ts'
import type { Reference } from '../sketches/types.ts'
import type { Edge } from './edge.ts'
import { trainerTask } from './job-directory.ts'
import { type Preparation, prepareTraining } from './prepare-training.ts'
import type { LabelledRow } from './training-rows.ts'

/** What became of a candidate: an input for the rollout, and for one that passed, its reference. */
export type Candidate =
  | (Extract<RolloutInput, { kind: 'judged' }> & { readonly reference: Reference | null })
  | Extract<RolloutInput, { kind: 'training-failed' }>

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
    if (split.kind === 'unfit') return unfit(request.id, split.gates)
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
    return judged(effect, model, split, { ...outcome, predictions }, edge)
  } catch (error) {
    if (signal.aborted) return null
    if (error instanceof TrainerFailure) return failed(plainReason(error.message), error.timedOut)
    if (error instanceof DriftstreamError && error.fate === 'fail-request') return failed(error.message)
    throw error
  } finally {
    if (job !== null && signal.aborted && signal.reason === CANCELLED) await trainer.cancel(job)
  }
}

type Split = Extract<Preparation, { kind: 'ready' }>
type Trained = Extract<TrainerProgress, { kind: 'trained' }> & {
  readonly predictions: readonly HoldoutPrediction[]
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

function judged(
  effect: TrainEffect,
  model: ConfiguredModel,
  split: Split,
  { result, predictions: said }: Trained,
  edge: Pick<Edge, 'clock'>,
): Candidate {
  const { request, fromVersion } = effect
  const predictions = new Map(said.map((each) => [each.id, each]))
  const judgement = judgeCandidate({
    task: model.task,
    positiveLabel: model.positiveLabel,
    holdout: pairUp(split.holdout, fromVersion, predictions),
    ...oldRegimeOf(model, pairUp(split.oldRegime, fromVersion, predictions)),
    // A trainer that filters knows better than we do, but not of more than it was given.
    trainRows: Math.min(split.train.length, result.trainedRows ?? Number.POSITIVE_INFINITY),
    options: model.retraining,
    seed: request.id,
  })
  const reference = judgement.passed
    ? candidateReference(effect, model, split.train, split.holdout, predictions, edge)
    : null
  return {
    kind: 'judged',
    requestId: request.id,
    passed: judgement.passed,
    gates: [...split.gates, ...judgement.gates],
    artifact: result.artifact,
    referenceId: reference?.id ?? null,
    reference,
  }
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

/** Nothing was trained: what it would have learned from is no fit material. */
function unfit(requestId: string, gates: readonly GateResult[]): Candidate {
  return {
    kind: 'judged',
    requestId,
    passed: false,
    gates,
    artifact: null,
    referenceId: null,
    reference: null,
  }
}

/** No gate where the options ask for no events of the old regime. */
function oldRegimeOf(model: ConfiguredModel, oldRegime: readonly HoldoutRow[]) {
  return model.retraining.gates.oldRegimeRows === 0 ? {} : { oldRegime }
}

function trainingRow({ id, at, features, label }: LabelledRow): TrainingRow {
  return { id, at, features, label }
}

function withoutLabel({ id, at, features }: LabelledRow): TrainingRow {
  return { id, at, features }
}

/** Both answers to each holdout event; the champion's only where it was the version that served. */
function pairUp(
  holdout: readonly LabelledRow[],
  championVersion: string,
  predictions: ReadonlyMap<string, HoldoutPrediction>,
): HoldoutRow[] {
  return holdout.map(({ id, label, version, prediction, score, segment }) => {
    const said = predictions.get(id)
    return {
      id,
      label,
      segment,
      champion: version === championVersion ? { prediction, score: score ?? null } : null,
      challenger: said === undefined ? null : { prediction: said.prediction, score: said.score ?? null },
    }
  })
}

/**
 * What will be normal for the candidate: the features of the whole range, and its own outcomes on the
 * holdout, which it was not trained on.
 */
function candidateReference(
  { toVersion, request }: TrainEffect,
  model: ConfiguredModel,
  train: readonly LabelledRow[],
  holdout: readonly LabelledRow[],
  predictions: ReadonlyMap<string, HoldoutPrediction>,
  edge: Pick<Edge, 'clock'>,
): Reference {
  return buildReference({
    model: model.name,
    version: toVersion,
    createdAt: edge.clock.now(),
    task: model.task,
    positiveLabel: model.positiveLabel,
    features: new Map([...model.features].map(([name, { type }]) => [name, type] as const)),
    windowMs: model.windows.dataMs,
    covered: request.trainingRange,
    *rows() {
      for (const { at, features } of train) yield { at, features }
      for (const { id, at, features, label } of holdout) {
        const said = predictions.get(id)
        yield { at, features, label, prediction: said?.prediction, score: said?.score }
      }
    },
  })
}
