import { describe, expect, it } from 'vitest'
import { compileCategoricalOmnibus } from '../../../src/statistics/categorical-omnibus.ts'
import { compileOmnibus } from '../../../src/statistics/omnibus.ts'
import { createRandom, type Random } from '../../../src/statistics/random.ts'

/** Counts of n draws from the given masses. */
function multinomial(random: Random, masses: readonly number[], n: number): Uint32Array {
  const upTo: number[] = []
  let sum = 0
  for (const mass of masses) {
    sum += mass
    upTo.push(sum)
  }
  const counts = new Uint32Array(masses.length)
  for (let draw = 0; draw < n; draw++) {
    const at = random() * sum
    let low = 0
    let high = masses.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (upTo[middle]! > at) high = middle
      else low = middle + 1
    }
    counts[low]!++
  }
  return counts
}

interface Compiled {
  evaluate(counts: Uint32Array): { readonly pValue: number }
}

/** 20 references of 10 000, 300 windows of 500 against each. */
const WINDOWS = 6000

/** Shares of the windows that alarm at 0.05 and at 0.01, where nothing ever changed. */
function falseAlarms(
  compile: (reference: Uint32Array) => Compiled,
  masses: readonly number[],
  random: Random,
) {
  let at5 = 0
  let at1 = 0
  for (let round = 0; round < 20; round++) {
    const omnibus = compile(multinomial(random, masses, 10_000))
    for (let window = 0; window < WINDOWS / 20; window++) {
      const { pValue } = omnibus.evaluate(multinomial(random, masses, 500))
      if (pValue <= 0.05) at5++
      if (pValue <= 0.01) at1++
    }
  }
  return { at5: at5 / WINDOWS, at1: at1 / WINDOWS }
}

/** Four standard errors of such a share. */
function deviations(alpha: number): number {
  return 4 * Math.sqrt((alpha * (1 - alpha)) / WINDOWS)
}

const even = new Array<number>(200).fill(1)
const atom = even.map((mass, cell) => (cell === 80 ? 133 : mass))
const falling = Array.from({ length: 30 }, (_, rank) => 1 / (rank + 1))
const rare = [0.6, 0.3998, 0.0002]

describe('compileOmnibus', () => {
  // 6000 windows: a false-alarm rate outside these bounds would be 4 standard errors off the allowed band.
  it.each([
    ['even cells', even],
    ['a 40 % atom', atom],
    ['30 falling cells', falling],
    ['a rare last cell', rare],
  ])('keeps its false alarms on %s', (name, masses) => {
    const { at5, at1 } = falseAlarms(compileOmnibus, masses, createRandom(`null ${name}`))
    expect(at5).toBeGreaterThan(0.8 * 0.05 - deviations(0.05))
    expect(at5).toBeLessThan(1.25 * 0.05 + deviations(0.05))
    expect(at1).toBeGreaterThan(0.8 * 0.01 - deviations(0.01))
    expect(at1).toBeLessThan(1.25 * 0.01 + deviations(0.01))
  })

  it('screens exactly what it evaluates', () => {
    const random = createRandom('screen')
    const omnibus = compileOmnibus(multinomial(random, atom, 20_000))
    let passed = 0
    for (let round = 0; round < 1500; round++) {
      const window = multinomial(random, atom, 400)
      window[round % 200]! += round % 17
      const pValueMax = [0.6, 0.05, 0.01, 1e-4, 1e-8][round % 5]!
      const full = omnibus.evaluate(window)
      const screened = omnibus.screen(window, pValueMax)
      expect(screened).toEqual(full.pValue <= pValueMax ? full : null)
      if (screened !== null) passed++
    }
    expect(passed).toBeGreaterThan(100)
    expect(passed).toBeLessThan(1400)
  })

  it('sees a shift by its bulk and a stuck value by its cell', () => {
    const omnibus = compileOmnibus(new Array<number>(100).fill(300))
    const shifted = Array.from({ length: 100 }, (_, cell) => (cell < 50 ? 8 : 12))
    const shift = omnibus.evaluate(shifted)
    expect(shift.pValue).toBeLessThan(1e-6)
    expect(shift.andersonDarling.pValue).toBeLessThan(1e-7)
    expect(shift.maxCell.pValue).toBeGreaterThan(0.5)

    const stuck = new Array<number>(100).fill(10)
    stuck[50] = 35
    const value = omnibus.evaluate(stuck)
    expect(value.maxCell).toMatchObject({ cell: 50, side: 'full' })
    expect(value.pValue).toBeLessThan(1e-4)
    expect(value.pValue / value.maxCell.pValue).toBeLessThan(5.01)
  })

  it("does not change with the caller's array, and works with two cells", () => {
    const reference = [700, 300]
    const omnibus = compileOmnibus(reference)
    reference[0] = 0
    expect(omnibus.order).toBe(1)
    expect(omnibus.evaluate([600, 400]).pValue).toBeLessThan(1e-5)
    expect(omnibus.evaluate([70, 30])).toMatchObject({ n: 100, m: 1000, pValue: 1 })
  })

  it('says nothing of empty samples and refuses other cells', () => {
    expect(compileOmnibus([5, 5]).evaluate([0, 0]).pValue).toBe(1)
    expect(compileOmnibus([0, 0]).evaluate([9, 9]).pValue).toBe(1)
    expect(compileOmnibus([]).evaluate([]).pValue).toBe(1)
    expect(() => compileOmnibus([5, 5]).evaluate([1])).toThrow('got 1 and 2 cells')
  })
})

describe('compileCategoricalOmnibus', () => {
  it.each([
    ['even cells', new Array<number>(12).fill(1)],
    ['30 falling cells', falling],
    ['a rare last cell', rare],
  ])('keeps its false alarms on %s', (name, masses) => {
    const { at5, at1 } = falseAlarms(compileCategoricalOmnibus, masses, createRandom(`categories ${name}`))
    expect(at5).toBeGreaterThan(0.8 * 0.05 - deviations(0.05))
    expect(at5).toBeLessThan(1.25 * 0.05 + deviations(0.05))
    expect(at1).toBeLessThan(1.25 * 0.01 + deviations(0.01))
  })

  it('finds a value never seen before, however few', () => {
    const result = compileCategoricalOmnibus([6000, 3990, 10, 0]).evaluate([290, 202, 0, 8])
    expect(result.maxCell).toMatchObject({ cell: 3, side: 'full' })
    expect(result.pValue).toBeLessThan(1e-8)
  })

  it('says nothing of a single cell or an empty sample', () => {
    expect(compileCategoricalOmnibus([50]).evaluate([9]).pValue).toBe(1)
    expect(compileCategoricalOmnibus([50, 50]).evaluate([0, 0]).pValue).toBe(1)
    expect(() => compileCategoricalOmnibus([5, 5]).evaluate([1])).toThrow('got 1 and 2 cells')
  })
})
