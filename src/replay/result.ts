import type { TimeRange } from '../events/fields.ts'
import type { CourseCounts, ModelCourse } from './course.ts'
import type { Refused } from './history.ts'
import type { KnownChange, Reckoning } from './known-changes.ts'
import type { ModelDecisions } from './policy-track.ts'

/** All that a replay says. Plain data: the same history under the same options gives the same result. */
export interface ReplayResult {
  /** Whether candidates were really trained; if not, no champion ever changed. */
  readonly retrained: boolean
  /** Event time of the first and the last feature event, epoch ms. */
  readonly covered: TimeRange
  /** How long a prediction waits for its label. */
  readonly labelWaitMs: number
  /** What was counted, and what was refused. */
  readonly events: {
    readonly features: number
    readonly labels: number
    readonly refused: readonly Refused[]
  }
  readonly changes: readonly KnownChange[]
  /** How the stream went: one course for all policies, or where models were retrained one for each. */
  readonly courses: readonly Course[]
  readonly policies: readonly ReplayedPolicy[]
}

export interface Course {
  readonly counts: CourseCounts
  readonly models: readonly ModelCourse[]
}

export interface ReplayedPolicy {
  readonly name: string
  /** Which of the courses it took. */
  readonly course: number
  readonly models: readonly PolicyOnModel[]
}

export interface PolicyOnModel extends ModelDecisions {
  /** Requests that the retrainer promoted, and those that it turned away before they served. */
  readonly promoted: number
  readonly rejected: number
  /** Candidates that were taken back: out of their canary, or after they had been promoted. */
  readonly rolledBack: number
  /** Episodes that at least one request answers. */
  readonly answeredEpisodes: number
  readonly reckoning: Reckoning
}
