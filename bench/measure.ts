/** One way of doing some work, of which a figure compares two or more. */
export interface Side {
  /** Untimed, before each repeat: fresh state, fresh input. */
  prepare?(): void
  /** One repeat, timed as a whole. */
  run(): void
  /** Untimed, after each repeat: throws where the work was not done, for that would look fast. */
  check?(): void
  /** Values, events or panes in one repeat: the cost is told for each. */
  readonly operations: number
}

/**
 * Least nanoseconds an operation of each side. The sides take turns, in an order that reverses from repeat
 * to repeat, so that a slow moment of the machine meets them all and none is always the one that comes after
 * the other. The young garbage of one is collected before the next begins.
 */
export function leastNanoseconds(
  sides: readonly Side[],
  repeats: number,
  clock: () => bigint = process.hrtime.bigint,
): number[] {
  const least = sides.map(() => Number.POSITIVE_INFINITY)
  for (let repeat = 0; repeat < repeats; repeat++) {
    const turns = [...sides.entries()]
    for (const [index, side] of repeat % 2 === 0 ? turns : turns.reverse()) {
      side.prepare?.()
      void globalThis.gc?.({ type: 'minor' })
      const started = clock()
      side.run()
      const nanoseconds = Number(clock() - started) / side.operations
      side.check?.()
      least[index] = Math.min(least[index]!, nanoseconds)
    }
  }
  return least
}

/** Throws unless exactly `expected` were counted. */
export function expectCounted(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`expected ${expected} counted, got ${actual}`)
}
