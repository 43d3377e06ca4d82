import type { OutgoingRecord } from '../../src/log/port.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { Reference } from '../../src/sketches/types.ts'
import { mulberry32 } from '../support/small-world.ts'

export const PANE_MS = 60_000
export const VERSION = '1'
const START_MS = Date.UTC(2026, 0, 5)
const COLOURS = ['red', 'green', 'blue', 'grey']
const REFERENCE_ROWS = 2_000

/** What is produced: everything about an event follows from the seed and its number. */
export interface StreamPlan {
  readonly seed: number
  readonly models: readonly string[]
  /** Events of all models in one pane. */
  readonly eventsPerPane: number
  /** From this event on x is smaller; absent: never. */
  readonly shiftsAt?: number
}

export interface ChaosEvent {
  readonly number: number
  readonly model: string
  readonly id: string
  readonly at: number
  /** Null: the field is missing. */
  readonly x: number | null
  readonly c: string
  readonly label: 0 | 1
}

/** Event times rise with the numbers; one value in a hundred is missing. */
export function eventOf(plan: StreamPlan, number: number): ChaosEvent {
  const random = mulberry32(Math.imul(plan.seed, 1_000_003) ^ number)
  const u = random()
  const { shiftsAt = Number.POSITIVE_INFINITY } = plan
  return {
    number,
    model: plan.models[number % plan.models.length]!,
    id: `e${number}`,
    at: START_MS + Math.floor((number * PANE_MS) / plan.eventsPerPane),
    x: u < 0.01 ? null : (Math.round(1e6 * random()) / 1e6 + u) * (number >= shiftsAt ? 0.6 : 1),
    c: COLOURS[Math.floor(4 * random() * random())]!,
    label: random() < 0.3 ? 1 : 0,
  }
}

export function featureOf(event: ChaosEvent, to: { topic: string; partitions: number }): OutgoingRecord {
  const { model, id, at, x, c } = event
  const features = x === null ? { c } : { x, c }
  return featureRecord({ model, version: VERSION, id, at, features, prediction: 1, score: 0.5 }, to)
}

export function labelOf(
  event: ChaosEvent,
  to: { topic: string; partitions: number },
  delayMs: number,
): OutgoingRecord {
  const { model, id, at, label } = event
  return labelRecord({ model, id, at: at + delayMs, label }, to)
}

/** The reference of one model, from events before the first. */
export function referenceOf(plan: StreamPlan, model: string): Reference {
  return buildReference({
    model,
    version: VERSION,
    createdAt: START_MS,
    task: 'binary',
    positiveLabel: '1',
    features: new Map([
      ['x', 'numeric'],
      ['c', 'categorical'],
    ]),
    *rows() {
      for (let number = -REFERENCE_ROWS; number < 0; number++) {
        const { x, c, label } = eventOf(plan, number)
        yield { features: x === null ? { c } : { x, c }, prediction: 1, score: 0.5, label }
      }
    },
  })
}
