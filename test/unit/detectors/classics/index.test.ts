import { describe, expect, it } from 'vitest'
import { CLASSICS, type ClassicName } from '../../../../src/detectors/classics/index.ts'
import { congruential, golden, goldenStream } from '../../../support/golden-classics.ts'

function alarmsOf(name: string, options: object, values: readonly number[]) {
  const classic = CLASSICS[name as ClassicName]
  const detector = classic.create(options as never, congruential(golden.kswinSeed))
  const drifts: number[] = []
  const warnings: number[] = []
  let warned = false
  for (const [index, value] of values.entries()) {
    const { warning, drift } = detector.update(value)
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
