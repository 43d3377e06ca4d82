import { lapse } from '../detectors/wording.ts'
import type { ComparisonEvent } from '../events/comparison-event.ts'
import { type CanaryOptions, harmLevel, type RolloutOptions, type ShadowOptions } from './rollout-options.ts'
import type { Rollout } from './rollout-state.ts'

/** What a comparison makes of a candidate; `reason` is for people. */
export type StageMove =
  | { readonly kind: 'stay' }
  /** Turned away: it loses, or it does not answer as it should. */
  | { readonly kind: 'harm'; readonly reason: string }
  /** The stage is over and went well. */
  | { readonly kind: 'pass'; readonly reason: string }
  /** The stage is over and showed too little. */
  | { readonly kind: 'fail'; readonly reason: string }
  /** The next step of the canary. */
  | { readonly kind: 'step'; readonly reason: string }
  /** A person is to decide. */
  | { readonly kind: 'ask'; readonly reason: string }

const STAY: StageMove = { kind: 'stay' }

/** What to do with a candidate in shadow. */
export function moveInShadow(
  told: ComparisonEvent,
  shadow: ShadowOptions,
  options: RolloutOptions,
): StageMove {
  const harm = harmShown(told, options)
  if (harm !== null) return { kind: 'harm', reason: harm }
  const elapsed = told.at - told.since
  const enough = elapsed >= shadow.minimumMs && told.challenger.labelled >= shadow.labelledMin
  if (enough && isProven(told, options)) return { kind: 'pass', reason: proofOf(told) }
  if (elapsed < shadow.maximumMs) return STAY
  const reason = `no proof in shadow after ${lapse(elapsed)} of stream time; ${numbersOf(told)}`
  const answers = told.challenger.events > 0
  return { kind: shadow.onTimeout === 'continue' && answers ? 'pass' : 'fail', reason }
}

/**
 * What to do with a candidate in its canary. A proof ends it at any step: what the later ones would add is
 * load, and no answer to the question.
 */
export function moveInCanary(
  { step }: Pick<Rollout, 'step'>,
  told: ComparisonEvent,
  canary: CanaryOptions,
  options: RolloutOptions,
): StageMove {
  const harm = harmShown(told, options)
  if (harm !== null) return { kind: 'harm', reason: harm }
  // Of a step that is over only harm is news.
  if (told.step !== step) return STAY
  const lasted = told.at - told.stepSince >= canary.stepMinimumMs
  if (lasted && told.challenger.labelled >= canary.labelledMin && isProven(told, options)) {
    return { kind: 'pass', reason: proofOf(told) }
  }
  const elapsed = told.at - told.since
  if (elapsed >= canary.maximumMs) return timedOut(told, elapsed, canary)
  if (!lasted || told.stepLabelled < canary.labelledMin || step + 1 >= canary.steps.length) return STAY
  return { kind: 'step', reason: `no harm at step ${step + 1}; ${numbersOf(told)}` }
}

/** Whatever the default is: who was never heard is not promoted. */
function timedOut(told: ComparisonEvent, elapsed: number, { onTimeout }: CanaryOptions): StageMove {
  const reason = `no proof in the canary after ${lapse(elapsed)} of stream time; ${numbersOf(told)}`
  if (told.challenger.events === 0 || onTimeout === 'rollback') return { kind: 'fail', reason }
  return { kind: onTimeout === 'promote' ? 'pass' : 'ask', reason }
}

/** What to do with a version that was promoted and is watched. */
export function moveInWatch(told: ComparisonEvent, durationMs: number, options: RolloutOptions): StageMove {
  const harm = harmShown(told, options)
  if (harm !== null) return { kind: 'harm', reason: harm }
  if (told.at - told.since < durationMs) return STAY
  return {
    kind: 'pass',
    reason: `watched for ${lapse(told.at - told.since)} of stream time; ${numbersOf(told)}`,
  }
}

/** Why the candidate must not go on; null while nothing says so. */
export function harmShown(told: ComparisonEvent, options: RolloutOptions): string | null {
  const unfit = told.checks.find(({ failed }) => failed)
  if (unfit !== undefined) return unfit.message
  if (told.logHarm < -Math.log(harmLevel(options))) return null
  return `version ${told.challenger.version} is surely worse; ${numbersOf(told)}`
}

function isProven({ logProof }: ComparisonEvent, { proof }: RolloutOptions): boolean {
  return logProof !== null && logProof >= -Math.log(proof)
}

function proofOf(told: ComparisonEvent): string {
  return `version ${told.challenger.version} is not worse by ${told.margin}; ${numbersOf(told)}`
}

function numbersOf({ loss, difference, lower, upper, champion, challenger }: ComparisonEvent): string {
  const n = `${challenger.labelled} and ${champion.labelled} labelled events`
  if (difference === null) return n
  const bounds = `${lower === null ? '?' : rounded(lower)} to ${upper === null ? '?' : rounded(upper)}`
  return `${loss} difference ${rounded(difference)} (${bounds}) on ${n}`
}

function rounded(value: number): string {
  return value.toFixed(4)
}
