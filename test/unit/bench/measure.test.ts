import { describe, expect, it } from 'vitest'
import { expectCounted, leastNanoseconds, type Side } from '../../../bench/measure.ts'

/** A machine on which time passes only while somebody says so. */
function machine() {
  let now = 0n
  const done: string[] = []
  return {
    clock: () => now,
    done,
    /** A side whose repeats take these times; what it does besides takes time as well. */
    side(name: string, nanoseconds: readonly bigint[], operations: number): Side {
      let repeat = 0
      const pass = (step: string, time: bigint) => {
        done.push(`${name} ${step}`)
        now += time
      }
      return {
        prepare: () => pass('prepare', 1_000n),
        run: () => pass('run', nanoseconds[repeat++]!),
        check: () => pass('check', 10_000n),
        operations,
      }
    },
  }
}

describe('leastNanoseconds', () => {
  it('is the least time of each side by operation, without preparing and checking', () => {
    const { side, clock } = machine()
    const sides = [side('a', [90n, 60n, 70n], 2), side('b', [500n, 800n, 900n], 100)]
    expect(leastNanoseconds(sides, 3, clock)).toEqual([30, 5])
  })

  it('lets the sides take turns, the other first in every second repeat', () => {
    const { side, clock, done } = machine()
    leastNanoseconds([side('a', [1n, 1n], 1), side('b', [1n, 1n], 1)], 2, clock)
    expect(done).toEqual(
      ['a', 'b', 'b', 'a'].flatMap((name) => [`${name} prepare`, `${name} run`, `${name} check`]),
    )
  })

  it('fails with a side that has not done its work', () => {
    const idle: Side = { run: () => {}, check: () => expectCounted(0, 5), operations: 5 }
    expect(() => leastNanoseconds([idle], 1)).toThrow('expected 5 counted, got 0')
  })
})
