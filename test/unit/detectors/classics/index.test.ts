import { describe, expect, it } from 'vitest'
import {
  CLASSICS,
  type ClassicName,
  startClassic,
  updateClassic,
} from '../../../../src/detectors/classics/index.ts'
import { congruential, golden, goldenStream } from '../../../support/golden-classics.ts'

function alarmsOf(name: string, options: object, values: readonly number[]) {
  const classic = CLASSICS[name as ClassicName]
  const random = congruential(golden.kswinSeed)
  const state = classic.create(options as never)
  const drifts: number[] = []
  const warnings: number[] = []
  let warned = false
  for (const [index, value] of values.entries()) {
    const { warning, drift } = classic.update(state as never, value, random)
    if (drift) drifts.push(index)
    if (warning && !warned) warnings.push(index)
    warned = warning
  }
  return { drifts, warnings }
}

describe.each(Object.keys(CLASSICS))('%s', (name) => {
  const rows = golden.rows.filter(({ detector }) => detector === name)

  it('is checked where it alarms', () => {
    expect(rows.length).toBeGreaterThanOrEqual(10)
    expect(rows.filter(({ drifts }) => drifts.length > 0).length).toBeGreaterThanOrEqual(4)
  })

  it.each(rows)(
    'alarms and warns where River does: $stream, $options',
    ({ stream, options, drifts, warnings }) => {
      expect(alarmsOf(name, options, goldenStream(stream))).toEqual({ drifts, warnings })
    },
  )
})

describe("River's documented examples", () => {
  it.each([
    ['adwin', 1023],
    ['page-hinkley', 1006],
    ['ddm', 1334],
    ['eddm', 1278],
    ['hddm-a', 1206],
    ['hddm-w', 1077],
  ])('%s alarms at %i', (name, index) => {
    const example = golden.documented.find(({ detector }) => detector === name)!
    const found = alarmsOf(name, example.options, [...example.values].map(Number))
    expect(found.drifts[0]).toBe(index)
    expect(found).toEqual({ drifts: example.drifts, warnings: example.warnings })
  })
})

describe.each(Object.keys(CLASSICS) as ClassicName[])('the state of %s', (name) => {
  const stream = golden.rows.find(({ detector, drifts }) => detector === name && drifts.length > 1)!.stream
  const values = goldenStream(stream)

  it('is plain data: a copy made in the middle of a stream says what the original says', () => {
    const original = startClassic(name, {}, 'a stream')
    const middle = Math.floor(values.length / 2)
    for (const value of values.slice(0, middle)) updateClassic(original, value)
    const copy = structuredClone(original)
    expect(copy).toEqual(original)
    for (const value of values.slice(middle)) {
      const { warning, drift } = updateClassic(original, value)
      expect(updateClassic(copy, value)).toMatchObject({ warning, drift })
    }
    expect(copy).toEqual(original)
  })
})
