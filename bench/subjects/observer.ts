import { BUDGET_DEFAULTS } from '../../src/detectors/budget.ts'
import { DETECTION_DEFAULTS } from '../../src/detectors/options.ts'
import type { FeatureEvent } from '../../src/events/feature-event.ts'
import { type FeatureEventView, viewOf } from '../../src/events/feature-event-view.ts'
import type { LabelEvent } from '../../src/events/label-event.ts'
import { RETRAINING_DEFAULTS } from '../../src/retraining/options.ts'
import type { Reference } from '../../src/sketches/types.ts'
import {
  createObserveState,
  type ObserveContext,
  type ObserveState,
  observeFeature,
  observeLabel,
  takeEntries,
} from '../../src/steps/observe.ts'
import { OPEN_GUARDS } from '../../src/triggers/policy.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** The observer's step without its edge: events in, counts and joined outcomes in memory. */
export class ObserverSubject {
  readonly #context: ObserveContext
  #state: ObserveState = createObserveState(0)

  constructor(reference: Reference) {
    this.#context = contextOf(reference)
  }

  clear(): void {
    this.#state = createObserveState(0)
  }

  addFeature(event: FeatureEvent): void {
    this.addView(viewOf(event))
  }

  addView(event: FeatureEventView): void {
    const rejection = observeFeature(
      this.#state,
      event,
      { offset: 0, timestamp: event.at, counted: true },
      this.#context,
    )
    if (rejection !== null) throw new Error(rejection.message)
  }

  addLabel(event: Readonly<LabelEvent>): void {
    const arrival = { offset: 0, timestamp: event.at, counted: true }
    const rejection = observeLabel(this.#state, event, arrival, this.#context)
    if (rejection !== null) throw new Error(rejection.message)
  }

  /** Counts what is staged, as a flush does. */
  countStaged(): void {
    this.#state.entries.countStaged()
  }

  /** Predictions counted and, of these, joined with their label; what was counted is handed out and gone. */
  take(): { predictions: number; outcomes: number } {
    let predictions = 0
    let outcomes = 0
    for (const { sketch } of takeEntries(this.#state).entries) {
      predictions += sketch.events
      outcomes += sketch.performance.n
    }
    return { predictions, outcomes }
  }
}

/** One model as a figure needs it: the shortest way to a whole configuration. */
export function contextOf(reference: Reference): ObserveContext {
  const { model, version, task, features } = reference
  const options = {
    name: model,
    version,
    task,
    positiveLabel: '1',
    features: new Map([...features].map(([name, { kind }]) => [name, { type: kind, windowMs: null }])),
    windows: {
      qualityMs: MINUTE_MS,
      dataMs: DAY_MS,
      performanceMs: DAY_MS,
      longestMs: DAY_MS,
      labelDelayMs: MINUTE_MS,
    },
    detection: DETECTION_DEFAULTS,
    policy: {
      ...OPEN_GUARDS,
      trigger: { kind: 'drift', name: 'drift', diagnoses: ['retrain'] },
      cooldownMs: DAY_MS,
      minimumSample: 1_000,
      trainingWindowMs: DAY_MS,
      deadlineMs: DAY_MS,
      inFlightTimeoutMs: DAY_MS,
    },
    retraining: RETRAINING_DEFAULTS,
    budget: BUDGET_DEFAULTS,
    classics: [],
  } as const
  return {
    stream: {
      paneMs: MINUTE_MS,
      graceMs: MINUTE_MS,
      futureMaxMs: MINUTE_MS,
      pastMaxMs: DAY_MS,
      labelWaitMs: DAY_MS,
      repeatWaitMs: DAY_MS,
      waitingMax: 1_000_000,
      idleAfterMs: MINUTE_MS,
    },
    models: new Map([[model, options]]),
    referenceOf: (name, asked) => (name === model && asked === version ? reference : null),
  }
}
