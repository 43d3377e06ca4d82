import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { ENCODED_WIDTH, encodeFlight, type NamedFeatures, WEIGHT_COUNT } from './encoding.ts'
import { type FitOptions, fitLogisticRegression } from './logistic-regression.ts'
import { FlightModel } from './model.ts'

/**
 * Compared on the weeks that follow the training: two rounds suffice, and cautious rare weights serve a
 * model of five days' flights (a challenger) better while they cost one of four weeks' flights nothing.
 */
const FIT: FitOptions = { epochs: 2, learningRate: 0.1, startingSquares: 50, seed: 2001 }

/** Labelled flights on their way into a model. */
export class TrainingSet {
  #length = 0
  #late = 0
  #slots = new Int32Array(ENCODED_WIDTH * 4096)
  #labels = new Uint8Array(4096)

  get length(): number {
    return this.#length
  }

  add(features: NamedFeatures, late: boolean): void {
    if (this.#length === this.#labels.length) this.#grow()
    encodeFlight(features, this.#slots, this.#length * ENCODED_WIDTH)
    this.#labels[this.#length++] = late ? 1 : 0
    if (late) this.#late++
  }

  /** Share of late flights; NaN when empty. */
  get lateShare(): number {
    return this.#late / this.#length
  }

  /**
   * Trains a model: the same flights in the same order give the same weights.
   * @throws TRAINER_FAILED when there is nothing to learn from
   */
  fit(): FlightModel {
    if (this.#length === 0) {
      throw new DriftstreamError('TRAINER_FAILED', 'expected labelled flights to train on, got none')
    }
    const rows = { length: this.#length, width: ENCODED_WIDTH, slots: this.#slots, labels: this.#labels }
    // Rounded before first use: a model read back from its artifact predicts to the last bit the same.
    const weights = fitLogisticRegression(rows, WEIGHT_COUNT, FIT).map(sixDecimals)
    return new FlightModel(weights, sixDecimals(this.lateShare), this.#length)
  }

  #grow(): void {
    const slots = new Int32Array(2 * this.#slots.length)
    slots.set(this.#slots)
    this.#slots = slots
    const labels = new Uint8Array(2 * this.#labels.length)
    labels.set(this.#labels)
    this.#labels = labels
  }
}

function sixDecimals(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
