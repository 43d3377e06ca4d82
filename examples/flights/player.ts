import type { OutgoingRecord } from '../../src/log/port.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { HOUR_MS } from './calendar.ts'
import { flightFeatures, flightId, labelKnownAt, lateLabel } from './features.ts'
import type { PlantedDay } from './plants.ts'
import type { Scoreboard } from './scoreboard.ts'
import type { Served } from './serving.ts'

/** The stream is played in slices of so much event time; a promotion takes effect at the next. */
export const SLICE_MS = 6 * HOUR_MS

export interface PlayedTopics {
  readonly features: { readonly topic: string; readonly partitions: number }
  readonly labels: { readonly topic: string; readonly partitions: number }
}

/**
 * Turns flights into events: one prediction at departure, with the features as the pipe reports them, and
 * one label when the flight, as it happened, has landed. Record time is event time.
 */
export class Player {
  readonly #model: string
  readonly #topics: PlayedTopics
  readonly #scoreboard: Scoreboard
  /** Labels still in the air, by the slice in which they land. */
  readonly #landing = new Map<number, OutgoingRecord[]>()

  constructor(model: string, topics: PlayedTopics, scoreboard: Scoreboard) {
    this.#model = model
    this.#topics = topics
    this.#scoreboard = scoreboard
  }

  /** The records of one slice: the predictions made in it, and the labels that become known in it. */
  slice(day: PlantedDay, fromMs: number, served: Served): OutgoingRecord[] {
    const { happened, reported } = day
    const toMs = fromMs + SLICE_MS
    const records: OutgoingRecord[] = []
    for (let i = 0; i < happened.length; i++) {
      const at = happened.date[i]!
      if (at < fromMs || at >= toMs) continue
      const features = flightFeatures(reported, i)
      const score = served.model.predict(features)
      const id = flightId(happened, i)
      const event = {
        model: this.#model,
        version: served.version,
        id,
        at,
        features,
        prediction: served.model.decide(score),
        score,
      }
      records.push(featureRecord(event, this.#topics.features))
      const label = lateLabel(happened, i)
      this.#land(labelKnownAt(happened, i), id, label)
      const oldScore = served.replaced === null ? null : served.replaced.predict(features)
      this.#scoreboard.add(served.version, at, label === 1, score, oldScore)
    }
    return records.concat(this.landed(fromMs))
  }

  /** Labels that become known in the slice that starts at `fromMs`, in the order of landing. */
  landed(fromMs: number): OutgoingRecord[] {
    const labels = this.#landing.get(fromMs) ?? []
    this.#landing.delete(fromMs)
    return labels.sort((a, b) => a.timestamp - b.timestamp)
  }

  #land(at: number, id: string, label: 0 | 1): void {
    const slice = Math.floor(at / SLICE_MS) * SLICE_MS
    const landing = this.#landing.get(slice) ?? []
    landing.push(labelRecord({ model: this.#model, id, at, label }, this.#topics.labels))
    this.#landing.set(slice, landing)
  }
}
