import { readFile } from 'node:fs/promises'
import type { DeploymentEvent } from '../../src/events/deployment-event.ts'
import { FlightModel } from './model.ts'

/** A version as it serves: its name, its model, and the model it replaced. */
export interface Served {
  readonly version: string
  readonly model: FlightModel
  readonly replaced: FlightModel | null
}

/**
 * The side that serves predictions. It is no part of driftstream: it subscribes to the deployments topic,
 * as any serving platform would, and loads what is promoted.
 */
export class Serving {
  #served: Served

  constructor(version: string, model: FlightModel) {
    this.#served = { version, model, replaced: null }
  }

  get served(): Served {
    return this.#served
  }

  async follow(event: DeploymentEvent): Promise<void> {
    if (event.stage !== 'promoted' || event.artifact === null) return
    const model = FlightModel.fromArtifact(JSON.parse(await readFile(event.artifact, 'utf8')))
    this.#served = { version: event.toVersion, model, replaced: this.#served.model }
  }
}
