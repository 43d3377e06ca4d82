import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { writeJsonLines } from '../files/jsonl.ts'
import { TrainerFailure } from '../retraining/trainers/failure.ts'
import { type PredictorOptions, predictHoldout } from '../retraining/trainers/predictor.ts'
import { readPredictions } from '../retraining/trainers/read-delivery.ts'
import type { Predict } from './served-versions.ts'

/**
 * Predictions of the predictor that each model is configured with, the one that predicts the holdout of a
 * retrain as well. Its files lie in `directory` while they are needed.
 * @throws TRAINER_FAILED when the predictor fails
 */
export function predictBy(predictors: ReadonlyMap<string, PredictorOptions>, directory: string): Predict {
  let asked = 0
  return async (model, artifact, rows) => {
    const predictor = predictors.get(model)
    if (predictor === undefined) {
      throw new DriftstreamError('TRAINER_FAILED', `expected a predictor for ${model}, none is configured`)
    }
    await mkdir(directory, { recursive: true })
    const name = join(directory, `served-${++asked}`)
    const files = { holdoutPath: `${name}.jsonl`, resultPath: name }
    const { signal } = new AbortController()
    try {
      await writeJsonLines(files.holdoutPath, rows)
      const path = await predictHoldout(predictor, files, artifact, signal)
      const said = await readPredictions(path, files, signal)
      await rm(path)
      return said
    } catch (cause) {
      if (!(cause instanceof TrainerFailure)) throw cause
      throw new DriftstreamError('TRAINER_FAILED', `${model}: ${cause.message}`, { model }, { cause })
    } finally {
      await rm(files.holdoutPath, { force: true })
    }
  }
}
