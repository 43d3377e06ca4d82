import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import type { HoldoutPrediction, TrainingRow } from '../events/training-row.ts'

/** Asks an artifact for the predictions of rows without labels; each row has one, in any order. */
export type Predict = (
  model: string,
  artifact: string,
  rows: readonly TrainingRow[],
) => Promise<readonly HoldoutPrediction[]>

/** The version that serves a model; without an artifact it says what the history says. */
export interface Served {
  readonly version: string
  readonly artifact: string | null
}

/**
 * The serving side of a replay: events of versions that were promoted in it get the predictions these would
 * have made. Predictions are asked for many events ahead, for asking costs a process; after a promotion those
 * of the version before are forgotten.
 */
export class ServedVersions {
  readonly #predict: Predict
  readonly #served: Map<string, Served>
  /** Of the events ahead, by model and id. */
  readonly #said = new Map<string, Map<string, HoldoutPrediction>>()

  constructor(predict: Predict, served: ReadonlyMap<string, Served>) {
    this.#predict = predict
    this.#served = new Map(served)
  }

  /** From now on this version serves the model. */
  promote(model: string, served: Served): void {
    this.#served.set(model, served)
    this.#said.delete(model)
  }

  /** Is a prediction of this event still to be asked for? */
  lacks(event: FeatureEvent): boolean {
    return this.#artifactOf(event.model) !== null && !this.#said.get(event.model)?.has(event.id)
  }

  /**
   * Asks for the predictions of all events that lack one; what was asked before is forgotten.
   * @throws TRAINER_FAILED when an event is left without a prediction
   */
  async ask(events: readonly FeatureEvent[]): Promise<void> {
    this.#said.clear()
    const rowsOf = new Map<string, TrainingRow[]>()
    for (const { model, id, at, features } of events) {
      if (this.#artifactOf(model) === null) continue
      const rows = rowsOf.get(model)
      if (rows === undefined) rowsOf.set(model, [{ id, at, features }])
      else rows.push({ id, at, features })
    }
    for (const [model, rows] of rowsOf) {
      const said = await this.#predict(model, this.#artifactOf(model)!, rows)
      const byId = new Map(said.map((each) => [each.id, each]))
      const without = rows.filter(({ id }) => !byId.has(id))
      if (without.length > 0) {
        throw new DriftstreamError(
          'TRAINER_FAILED',
          `expected a prediction of every row from the predictor of ${model}, ${without.length} of ${rows.length} have none, the first is ${without[0]!.id}`,
          { model },
        )
      }
      this.#said.set(model, byId)
    }
  }

  /** The event as the version that serves would have written it. */
  serve(event: FeatureEvent): FeatureEvent {
    const served = this.#served.get(event.model)
    if (served === undefined || served.artifact === null) return event
    const said = this.#said.get(event.model)?.get(event.id)
    if (said === undefined) return event
    const { score: _recorded, ...rest } = event
    const { prediction, score } = said
    return { ...rest, version: served.version, prediction, ...(score === undefined ? {} : { score }) }
  }

  #artifactOf(model: string): string | null {
    return this.#served.get(model)?.artifact ?? null
  }
}
