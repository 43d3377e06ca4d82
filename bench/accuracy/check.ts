import type { ReportLine } from '../report-line.ts'

export interface CheckSettings {
  /** Fewer and shorter streams: to see that all works, and roughly how it stands. */
  readonly quick: boolean
  /** Folder of recorded streams; null where none was named. */
  readonly data: string | null
  /** Where to say what is going on. */
  readonly say: (line: string) => void
}

/** What a check found. */
export interface CheckResult {
  /** Figures with their goals: the check passes when none is missed. */
  readonly lines: readonly ReportLine[]
  /** All that was measured, for the results file. */
  readonly details: unknown
}

/** A proof of a claim about the detectors, on seeded streams. */
export interface Check {
  readonly id: string
  /** The claim, in one line. */
  readonly claim: string
  run(settings: CheckSettings): CheckResult
}
