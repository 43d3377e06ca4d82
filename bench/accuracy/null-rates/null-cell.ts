/** References of one world and size where nothing changes, and windows of several sizes against each. */
export interface NullCell<World extends string> {
  readonly id: string
  readonly world: World
  readonly m: number
  readonly windowSizes: readonly number[]
  readonly references: number
  readonly windowsPerReference: number
  readonly alphas: readonly number[]
  readonly seed: string
}

/** How often one test came below each alpha. */
export interface NullTally {
  readonly n: number
  readonly test: string
  readonly windows: number
  /** By alpha. */
  readonly hits: number[]
  /** Sums of squares of the hits a reference: windows of one reference share its error. */
  readonly squares: number[]
}
