/** Mean of the values so far, updated value by value. */
export interface RunningMean {
  n: number
  mean: number
}

export function createRunningMean(): RunningMean {
  return { n: 0, mean: 0 }
}

export function addToMean(running: RunningMean, value: number): void {
  running.n += 1
  running.mean += (1 / running.n) * (value - running.mean)
}
