/** What a detector said of the last value. */
export interface Alarm {
  readonly warning: boolean
  readonly drift: boolean
}
