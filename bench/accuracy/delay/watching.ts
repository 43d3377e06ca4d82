/** One stream under one detector, step by step. */
export interface Watching {
  readonly steps: number
  /** Step at which the world changes; `steps` where it never does. */
  readonly change: number
  /** Takes the next step and says whether the detector alarms; after an alarm it has begun anew. */
  readonly next: () => boolean
}

/** A stream that a detector can be set on, again and again: the same steps every time. */
export type Watched = (strictness: number) => Watching
