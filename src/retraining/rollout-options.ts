/** A candidate answers every event beside the champion; nobody hears it. Times are stream time. */
export interface ShadowOptions {
  readonly minimumMs: number
  readonly maximumMs: number
  /** Fewest labelled events that both have answered before proof counts. */
  readonly labelledMin: number
  readonly onTimeout: 'reject' | 'continue'
}

/** A candidate answers a share of the events, and is heard. Times are stream time. */
export interface CanaryOptions {
  /** Shares of traffic, rising. */
  readonly steps: readonly number[]
  /** How long each step lasts at least. */
  readonly stepMinimumMs: number
  /** How long all steps together last at most. */
  readonly maximumMs: number
  /** Fewest labelled events that the candidate has answered, in a step before the next, in all before proof. */
  readonly labelledMin: number
  readonly onTimeout: 'promote' | 'rollback' | 'approve'
}

/** How long a promoted version is held against what was promised of it; stream time. */
export interface WatchOptions {
  readonly durationMs: number
}

/** What lies between open gates and a version that stays. */
export interface RolloutOptions {
  readonly shadow: ShadowOptions | null
  readonly canary: CanaryOptions | null
  readonly watch: WatchOptions | null
  /** Chance that a candidate as good as the champion is turned away for harm, at all stages together. */
  readonly harm: number
  /** Chance that one that is worse by the margin or more is let on for proof, at each stage. */
  readonly proof: number
  /** How much worse counts as no harm, as a share of the greatest loss: of the error rate, the Brier score. */
  readonly margin: number
}

/** Straight from the gates to all traffic. */
export const STRAIGHT: RolloutOptions = {
  shadow: null,
  canary: null,
  watch: null,
  harm: 0.05,
  proof: 0.05,
  margin: 0.01,
}

/** What each stage that is asked for may spend of the chance to turn an equal away. */
export function harmLevel({ shadow, canary, watch, harm }: RolloutOptions): number {
  const stages = [shadow, canary, watch].filter((stage) => stage !== null).length
  return harm / Math.max(1, stages)
}
