import type { ConfiguredModel } from '../config/options.ts'
import type { GateResult } from '../events/deployment-event.ts'
import type { HoldoutPrediction } from '../events/training-row.ts'
import { judgeCandidate } from '../retraining/gates.ts'
import type { HoldoutRow } from '../retraining/pair.ts'
import type { RolloutInput } from '../retraining/rollout.ts'
import type { TrainEffect } from '../retraining/rollout-result.ts'
import type { TrainerProgress } from '../retraining/trainers/trainer.ts'
import { buildReference } from '../sketches/reference-builder.ts'
import type { Reference } from '../sketches/types.ts'
import type { Edge } from './edge.ts'
import type { Preparation } from './prepare-training.ts'
import type { LabelledRow } from './training-rows.ts'

/** What became of a candidate: an input for the rollout, and for one that passed, its reference. */
export type Candidate =
  | (Extract<RolloutInput, { kind: 'judged' }> & { readonly reference: Reference | null })
  | Extract<RolloutInput, { kind: 'training-failed' }>

/** The rows of a training, and the gates they have passed. */
export type Split = Extract<Preparation, { kind: 'ready' }>
/** What a trainer delivered, and what its candidate says of the kept rows. */
type Trained = Extract<TrainerProgress, { kind: 'trained' }> & {
  readonly predictions: readonly HoldoutPrediction[]
}

/** Compares a trained candidate with the champion on the kept rows; of one that passes the reference is made. */
export function judgeTrained(
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

/** Nothing was trained: what it would have learned from is no fit material. */
export function unfitCandidate(requestId: string, gates: readonly GateResult[]): Candidate {
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
