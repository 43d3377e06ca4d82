/** What a detector said of the last value. */
export interface Alarm {
  readonly warning: boolean
  readonly drift: boolean
}

/** A detector at work: it takes values one by one, and starts anew after every alarm. */
export interface RunningDetector {
  update(value: number): Alarm
}
