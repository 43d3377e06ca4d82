import { z } from 'zod'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { ENCODED_WIDTH, encodeFlight, type NamedFeatures, WEIGHT_COUNT } from './encoding.ts'
import { logistic } from './logistic-regression.ts'

/** The model as a file: the weights that are not 0, and where they stand. */
const artifactSchema = z.object({
  kind: z.literal('flights-logistic-regression'),
  /** Size of the encoding it was trained with: another size is another encoding. */
  weightCount: z.literal(WEIGHT_COUNT),
  /** A score from here on is the prediction 1. */
  threshold: z.number(),
  trainedOn: z.int(),
  slots: z.array(
    z
      .int()
      .min(0)
      .max(WEIGHT_COUNT - 1),
  ),
  weights: z.array(z.number()),
})
export type ModelArtifact = z.infer<typeof artifactSchema>

/** Says how probable it is that a flight comes 15 minutes late or more. */
export class FlightModel {
  /** The late share of its training flights: at one half a model of rare events would always say 0. */
  readonly threshold: number
  readonly trainedOn: number
  readonly #weights: Float64Array
  readonly #slots = new Int32Array(ENCODED_WIDTH)

  constructor(weights: Float64Array, threshold: number, trainedOn: number) {
    this.#weights = weights
    this.threshold = threshold
    this.trainedOn = trainedOn
  }

  /** Probability, 0 to 1. Never NaN: a feature that is missing or strange has no say. */
  predict(features: NamedFeatures): number {
    encodeFlight(features, this.#slots, 0)
    let z = 0
    for (let k = 0; k < ENCODED_WIDTH; k++) {
      const slot = this.#slots[k]!
      if (slot >= 0) z += this.#weights[slot]!
    }
    return logistic(z)
  }

  /** The prediction that goes with a score. */
  decide(score: number): 0 | 1 {
    return score >= this.threshold ? 1 : 0
  }

  toArtifact(): ModelArtifact {
    const slots: number[] = []
    const weights: number[] = []
    for (let slot = 0; slot < WEIGHT_COUNT; slot++) {
      if (this.#weights[slot] === 0) continue
      slots.push(slot)
      weights.push(this.#weights[slot]!)
    }
    return {
      kind: 'flights-logistic-regression',
      weightCount: WEIGHT_COUNT,
      threshold: this.threshold,
      trainedOn: this.trainedOn,
      slots,
      weights,
    }
  }

  /** @throws TRAINER_FAILED when it is no artifact of this model */
  static fromArtifact(artifact: unknown): FlightModel {
    const parsed = artifactSchema.safeParse(artifact)
    if (!parsed.success) {
      throw new DriftstreamError(
        'TRAINER_FAILED',
        `expected a flights model artifact: ${z.prettifyError(parsed.error)}`,
      )
    }
    const { slots, weights, threshold, trainedOn } = parsed.data
    if (slots.length !== weights.length) {
      throw new DriftstreamError(
        'TRAINER_FAILED',
        `expected as many slots as weights in the artifact, got ${slots.length} and ${weights.length}`,
      )
    }
    const dense = new Float64Array(WEIGHT_COUNT)
    for (let k = 0; k < slots.length; k++) dense[slots[k]!] = weights[k]!
    return new FlightModel(dense, threshold, trainedOn)
  }
}
