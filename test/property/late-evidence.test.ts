import { describe, expect, it } from 'vitest'
import { addLook, createLateEvidence, logLateEvidence } from '../../src/statistics/late-evidence.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'
import { rateAlternatives, writeRateEValues } from '../../src/statistics/rate-e-values.ts'

const ALPHA = 0.05
const STREAMS = 2_000
const LOOKS = 150
const EVENTS = 40
const BASELINE = 0.3
const alternatives = rateAlternatives(BASELINE)

/** How many of a look's events went wrong. */
function wrongOf(random: Random, rate: number): number {
  let wrong = 0
  for (let event = 0; event < EVENTS; event++) if (random() < rate) wrong++
  return wrong
}

/** The look at which the evidence passed; null where it never did. */
function alarmOf(random: Random, rateAt: (look: number) => number, looks: number): number | null {
  const evidence = createLateEvidence(alternatives.tilts.length)
  const logs = new Float64Array(alternatives.tilts.length)
  for (let look = 1; look <= looks; look++) {
    writeRateEValues(alternatives, wrongOf(random, rateAt(look)), EVENTS, logs)
    addLook(evidence, logs)
    if (logLateEvidence(evidence) >= -Math.log(ALPHA)) return look
  }
  return null
}

describe('evidence that may begin at any look', () => {
  it('passes 1 / alpha in at most alpha of the streams in which all is well, whenever one looks', () => {
    // At the worst of what is allowed, and up and down below it.
    const rates = [() => BASELINE, (look: number) => BASELINE * (0.75 + 0.25 * Math.sin(look / 5))]
    for (const [index, rateAt] of rates.entries()) {
      let alarms = 0
      for (let stream = 0; stream < STREAMS; stream++) {
        if (alarmOf(createRandom(`late ${index} ${stream}`), rateAt, LOOKS) !== null) alarms++
      }
      // Three standard deviations of a share of alpha.
      expect(alarms / STREAMS).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / STREAMS))
    }
  })

  it('finds what begins after a thousand good looks nearly as soon as what was there from the first', () => {
    const delays = [0, 1_000].map((good) => {
      const random = createRandom(`late after ${good}`)
      return alarmOf(random, (look) => (look > good ? 2 * BASELINE : 0.1 * BASELINE), good + 50)! - good
    })
    expect(delays[0]).toBeGreaterThan(0)
    expect(delays[0]).toBeLessThanOrEqual(3)
    expect(delays[1]).toBeGreaterThan(0)
    expect(delays[1]).toBeLessThanOrEqual(6)
  })

  it('is 0 before anything was seen, and one beginning weighs what it should', () => {
    const evidence = createLateEvidence(2)
    expect(logLateEvidence(evidence)).toBe(0)
    addLook(evidence, Float64Array.of(Math.log(3), Math.log(5)))
    // Half began at the first look, half has not begun.
    expect(logLateEvidence(evidence)).toBeCloseTo(Math.log(0.5 * 4 + 0.5), 12)
    addLook(evidence, Float64Array.of(Math.log(0.5), Math.log(2)))
    const [one, other] = [(1.5 + 1 / 6) * 0.5, (2.5 + 1 / 6) * 2]
    expect(logLateEvidence(evidence)).toBeCloseTo(Math.log((one + other) / 2 + 1 / 3), 12)
  })
})
