import type { GateResult } from '../events/deployment-event.ts'
import { gateOf } from './gate.ts'
import type { GateOptions } from './options.ts'

/** What is known of a training range before anything is learned from it. */
export interface TrainingSet {
  /** Events of the model in the range, labelled or not. */
  readonly events: number
  readonly labelled: number
  /** Of the labelled ones, those from stretches in which the pipe was whole; what broke in the others. */
  readonly sound: number
  readonly faults: readonly string[]
  /** Event time of the newest labelled one; null where there is none. */
  readonly newestAt: number | null
  /** When the retrain was asked for, in event time. */
  readonly requestedAt: number
}

/** Faults that a gate's message names; the number of the others follows. */
const FAULTS_TOLD = 3

const HOUR_MS = 3_600_000

/** The gates in front of the trainer: where one is shut, nothing is trained. */
export function judgeTrainingSet(set: TrainingSet, options: GateOptions): readonly GateResult[] {
  return [labelCoverage(set, options), soundness(set, options), staleness(set, options)]
}

/** Where labels come for a few alone, those few are not like the others. */
function labelCoverage({ events, labelled }: TrainingSet, { labelCoverageMin }: GateOptions): GateResult {
  const value = events === 0 ? null : labelled / events
  return gateOf('label coverage', events, {
    passed: value !== null && value >= labelCoverageMin,
    value,
    threshold: labelCoverageMin,
    message: `${labelled} of ${events} events of the training range have a label`,
  })
}

function soundness({ labelled, sound, faults }: TrainingSet, { soundShareMin }: GateOptions): GateResult {
  const value = labelled === 0 ? null : sound / labelled
  const more = faults.length - FAULTS_TOLD
  const told = faults.slice(0, FAULTS_TOLD).join('; ')
  const why = faults.length === 0 ? '' : `: ${told}${more > 0 ? `; and ${more} more` : ''}`
  return gateOf('training data', labelled, {
    passed: value !== null && value >= soundShareMin,
    value,
    threshold: soundShareMin,
    message: `${labelled - sound} of ${labelled} labelled events left out, from stretches in which the data was broken${why}`,
  })
}

/** In hours: of the newest labelled event, against the time of the request. */
function staleness(
  { labelled, newestAt, requestedAt }: TrainingSet,
  { stalenessMaxMs }: GateOptions,
): GateResult {
  const threshold = stalenessMaxMs / HOUR_MS
  if (newestAt === null) return gateOf('staleness', 0, { threshold, message: 'no labelled event at all' })
  const value = (requestedAt - newestAt) / HOUR_MS
  return gateOf('staleness', labelled, {
    passed: value <= threshold,
    value,
    threshold,
    message: `the newest labelled event is ${value.toFixed(1)} h older than the request, at most ${threshold.toFixed(1)} h expected`,
  })
}
