import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { GateResult } from '../events/deployment-event.ts'
import type { HoldoutPrediction, TrainerInput, TrainingRow } from '../events/training-row.ts'
import { writeJsonLines } from '../files/jsonl.ts'
import { judgeCandidate } from '../retraining/gates.ts'
import type { HoldoutRow } from '../retraining/pair.ts'
import type { RolloutInput, TrainEffect } from '../retraining/rollout.ts'
import type { Trainer } from '../retraining/trainers/trainer.ts'
import { buildReference } from '../sketches/reference-builder.ts'
import type { Reference } from '../sketches/types.ts'
import type { Edge } from './edge.ts'
import { prepareTraining } from './prepare-training.ts'
import type { LabelledRow } from './training-rows.ts'

/** What became of a candidate: an input for the rollout, and for one that passed, its reference. */
export type Candidate =
  | (Extract<RolloutInput, { kind: 'judged' }> & { readonly reference: Reference | null })
  | Extract<RolloutInput, { kind: 'training-failed' }>

/**
 * Reads the training range back from the log, has the candidate trained on its earlier part, and compares
 * it with the champion on the later part, which the trainer sees without labels. The champion's side is
 * what it really said when the events came. Whatever goes wrong on the way is a failed candidate.
 */
export async function trainCandidate(
  effect: TrainEffect,
  model: ConfiguredModel,
  trainer: Trainer,
  options: AppOptions,
  edge: Edge,
  signal: AbortSignal,
): Promise<Candidate> {
  const { request } = effect
  const failed = (reason: string): Candidate => ({ kind: 'training-failed', requestId: request.id, reason })
  const directory = await mkdtemp(join(tmpdir(), `driftstream-${request.id}-`))
  try {
    const split = await prepareTraining(request, model, options, edge.log)
    if (split.kind === 'too-small') return failed(split.reason)
    if (split.kind === 'unfit') return unfit(request.id, split.gates)

    const artifactDirectory = join(options.artifacts, model.name, effect.toVersion)
    await mkdir(artifactDirectory, { recursive: true })
    const input: TrainerInput = {
      requestId: request.id,
      model: model.name,
      fromVersion: effect.fromVersion,
      toVersion: effect.toVersion,
      trainPath: join(directory, 'train.jsonl'),
      holdoutPath: join(directory, 'holdout.jsonl'),
      artifactDirectory,
      resultPath: join(directory, 'result.json'),
    }
    await writeJsonLines(input.trainPath, split.train.map(trainingRow))
    await writeJsonLines(input.holdoutPath, [...split.oldRegime, ...split.holdout].map(withoutLabel))
    const outcome = await trainer.train(input, signal)
    if (outcome.kind === 'failed') return failed(outcome.reason)
    if (outcome.kind === 'cancelled') return failed('the training was cancelled')
    const predictions = new Map(outcome.predictions.map((said) => [said.id, said]))

    const judgement = judgeCandidate({
      task: model.task,
      positiveLabel: model.positiveLabel,
      holdout: pairUp(split.holdout, effect.fromVersion, predictions),
      ...oldRegimeOf(model, pairUp(split.oldRegime, effect.fromVersion, predictions)),
      trainRows: split.train.length,
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
      artifact: outcome.result.artifact,
      referenceId: reference?.id ?? null,
      reference,
    }
  } catch (error) {
    if (error instanceof DriftstreamError && error.fate === 'fail-request') return failed(error.message)
    throw error
  } finally {
    await rm(directory, { recursive: true, force: true })
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
  edge: Edge,
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
