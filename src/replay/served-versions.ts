import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { DeploymentEvent } from '../events/deployment-event.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import { firstRoute, routeAfter, type ServingRoute, versionsOf } from '../events/serving-route.ts'
import type { HoldoutPrediction, TrainingRow } from '../events/training-row.ts'

/** Asks an artifact for the predictions of rows without labels; each row has one, in any order. */
export type Predict = (
  model: string,
  artifact: string,
  rows: readonly TrainingRow[],
) => Promise<readonly HoldoutPrediction[]>

/** The version that serves a model first; without an artifact it says what the history says. */
export interface Served {
  readonly version: string
  readonly artifact: string | null
}

/** One model: who answers, what answers are made of, and those of the events ahead, by version and id. */
interface ServedModel {
  route: ServingRoute
  readonly artifacts: Map<string, string | null>
  readonly said: Map<string, Map<string, HoldoutPrediction>>
}

/**
 * The serving side of a replay: events get the answers that the deployments of the replay would have given
 * them, of the champion, of a candidate in its shadow beside it, or of one in its canary in its place.
 * Predictions are asked for many events ahead, for asking costs a process; those of a version that answers
 * no longer are forgotten.
 */
export class ServedVersions {
  readonly #predict: Predict
  readonly #models: ReadonlyMap<string, ServedModel>

  constructor(predict: Predict, served: ReadonlyMap<string, Served>) {
    this.#predict = predict
    this.#models = new Map(
      [...served].map(([model, { version, artifact }]) => [
        model,
        { route: firstRoute(version), artifacts: new Map([[version, artifact]]), said: new Map() },
      ]),
    )
  }

  /** From now on versions answer as the event says. */
  heed(event: DeploymentEvent): void {
    const model = this.#models.get(event.model)
    if (model === undefined) return
    model.route = routeAfter(model.route, event)
    if (event.artifact !== null) model.artifacts.set(event.toVersion, event.artifact)
    const { champion, candidate } = model.route
    for (const version of model.said.keys()) {
      if (version !== champion && version !== candidate) model.said.delete(version)
    }
  }

  /** Is an answer to this event still to be asked for? */
  lacks(event: FeatureEvent): boolean {
    const model = this.#models.get(event.model)
    return model !== undefined && unasked(model, event).length > 0
  }

  /**
   * Asks for the answers that any of the events lack; those of other events are forgotten.
   * @throws TRAINER_FAILED when an event is left without a prediction
   */
  async ask(events: readonly FeatureEvent[]): Promise<void> {
    for (const [name, model] of this.#models) {
      const own = events.filter((event) => event.model === name)
      keepOf(model, new Set(own.map(({ id }) => id)))
      const rowsOf = new Map<string, TrainingRow[]>()
      for (const event of own) {
        for (const version of unasked(model, event)) {
          const { id, at, features } = event
          const rows = rowsOf.get(version)
          if (rows === undefined) rowsOf.set(version, [{ id, at, features }])
          else rows.push({ id, at, features })
        }
      }
      for (const [version, rows] of rowsOf) await this.#askOne(name, model, version, rows)
    }
  }

  /**
   * The event with the answer of each version that answers it, the first is heard; of a version without an
   * artifact the recorded one, and none where what was recorded is another version's.
   */
  answers(event: FeatureEvent): readonly FeatureEvent[] {
    const model = this.#models.get(event.model)
    if (model === undefined) return [event]
    return versionsOf(event.id, model.route).flatMap((version) => {
      const said = model.said.get(version)?.get(event.id)
      if (said === undefined) return version === event.version ? [event] : []
      const { score: _recorded, ...rest } = event
      const { prediction, score } = said
      return { ...rest, version, prediction, ...(score === undefined ? {} : { score }) }
    })
  }

  async #askOne(
    name: string,
    model: ServedModel,
    version: string,
    rows: readonly TrainingRow[],
  ): Promise<void> {
    const said = await this.#predict(name, model.artifacts.get(version)!, rows)
    const byId = model.said.get(version) ?? new Map<string, HoldoutPrediction>()
    for (const each of said) byId.set(each.id, each)
    model.said.set(version, byId)
    const without = rows.filter(({ id }) => !byId.has(id))
    if (without.length === 0) return
    throw new DriftstreamError(
      'TRAINER_FAILED',
      `expected a prediction of every row from the predictor of ${name}, ${without.length} of ${rows.length} have none, the first is ${without[0]!.id}`,
      { model: name, version },
    )
  }
}

/** The versions whose answer to an event has not been asked for. */
function unasked({ route, artifacts, said }: ServedModel, { id }: FeatureEvent): readonly string[] {
  return versionsOf(id, route).filter((version) => {
    return artifacts.get(version) != null && !said.get(version)?.has(id)
  })
}

function keepOf({ said }: ServedModel, ids: ReadonlySet<string>): void {
  for (const byId of said.values()) {
    for (const id of byId.keys()) if (!ids.has(id)) byId.delete(id)
  }
}
