import type { ReportLine } from '../report-line.ts'

export interface CheckSettings {
  /** Fewer and shorter streams: to see that all works, and roughly how it stands. */
  readonly quick: boolean
  /** Share of the full size that is run, 0 to 1; of no effect with `quick`. */
  readonly scale: number
  /** Folder of recorded streams; null where none was named. */
  readonly data: string | null
  /** Another seed draws other streams; the one committed results come from is 1. */
  readonly seed: number
  /** 1: in this thread; more: so many worker threads. Results do not depend on it. */
  readonly workers: number
  /** No new part begins later than so many minutes from the start, where a check can do with fewer; null: no end. */
  readonly minutes: number | null
  /** Folder for what an interrupted run has finished, from where the next one goes on; null: keep nothing. */
  readonly checkpoints: string | null
  /** Where to say what is going on. */
  readonly say: (line: string) => void
}

/** What a check found. */
export interface CheckResult {
  /** Figures with their goals: the check passes when none is missed. */
  readonly lines: readonly ReportLine[]
  /** All that was measured, for the results file. */
  readonly details: unknown
  /** The same for people, in Markdown. */
  readonly table?: string
}

/** A proof of a claim about the detectors, on seeded streams. */
export interface Check {
  readonly id: string
  /** The claim, in one line. */
  readonly claim: string
  run(settings: CheckSettings): CheckResult | Promise<CheckResult>
}
