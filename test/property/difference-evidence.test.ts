import { describe, expect, it } from 'vitest'
import {
  addPairs,
  addSamples,
  createDifferenceEvidence,
  differenceBounds,
  logEvidenceAbove,
  logEvidenceBelow,
} from '../../src/statistics/difference-evidence.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'

const STREAMS = 400
const LOOKS = 60
const EVENTS = 120
const ALPHA = 0.05
const MARGIN = 0.02
const THRESHOLD = -Math.log(ALPHA)

/** A loss with this mean: errors, or graded losses that hardly vary. */
type Draw = (random: Random, mean: number) => number
const error: Draw = (random, mean) => (random() < mean ? 1 : 0)
const graded: Draw = (random, mean) => Math.min(1, 2 * mean * random())

/** Shares of streams in which each decision would have been taken at any look, and the looks it took. */
interface Told {
  readonly harm: number
  readonly proof: number
  readonly missed: number
  readonly looksToProof: number
  readonly looksToHarm: number
}

interface Stream {
  readonly draw: Draw
  readonly difference: number
  /** Share of traffic of the second; null: both answer every event. */
  readonly share: number | null
}

/** The common mean goes up and down by half, as a day does; every look may stop the stream. */
function play({ draw, difference, share }: Stream): Told {
  let [harm, proof, missed, looksToProof, looksToHarm] = [0, 0, 0, 0, 0]
  for (let stream = 0; stream < STREAMS; stream++) {
    const random = createRandom(`difference ${stream} ${share} ${difference}`)
    const evidence = createDifferenceEvidence()
    let [harmed, proven, outside] = [false, false, false]
    let [seen, sum] = [0, 0]
    for (let look = 1; look <= LOOKS; look++) {
      const common = 0.2 * (1 + 0.5 * Math.sin(look / 4))
      const [first, second, pairs] = [sums(), sums(), sums()]
      for (let event = 0; event < EVENTS; event++) {
        if (share === null) {
          // What is hard for one is hard for the other.
          const hard = random() < 0.5 ? 1.6 : 0.4
          const difficult = (mean: number) => Math.min(1, mean * hard)
          const [a, b] = [draw(random, difficult(common)), draw(random, difficult(common + difference))]
          add(pairs, b - a)
        } else if (random() < share) add(second, draw(random, common + difference))
        else add(first, draw(random, common))
      }
      if (share === null) addPairs(evidence, pairs)
      else addSamples(evidence, first, second, seen === 0 ? 0.25 : sum / seen)
      seen += first.n + second.n
      sum += first.sum + second.sum
      if (!harmed && logEvidenceAbove(evidence, 0) >= THRESHOLD) {
        harmed = true
        looksToHarm += look
      }
      if (!proven && logEvidenceBelow(evidence, MARGIN) >= THRESHOLD) {
        proven = true
        looksToProof += look
      }
      if (look % 10 === 0) {
        const { lower, upper } = differenceBounds(evidence, ALPHA)
        outside ||= (lower !== null && lower > difference) || (upper !== null && upper < difference)
      }
    }
    harm += harmed ? 1 : 0
    proof += proven ? 1 : 0
    missed += outside ? 1 : 0
  }
  return {
    harm: harm / STREAMS,
    proof: proof / STREAMS,
    missed: missed / STREAMS,
    looksToProof: looksToProof / (proof || 1),
    looksToHarm: looksToHarm / (harm || 1),
  }
}

const sums = () => ({ sum: 0, squares: 0, n: 0 })

function add(into: { sum: number; squares: number; n: number }, value: number): void {
  into.sum += value
  into.squares += value * value
  into.n++
}

const DESIGNS = [
  { design: 'pairs of errors', draw: error, share: null },
  { design: 'pairs of graded losses', draw: graded, share: null },
  { design: 'errors at a share of 0.05', draw: error, share: 0.05 },
  { design: 'errors at a share of 0.5', draw: error, share: 0.5 },
  { design: 'graded losses at a share of 0.25', draw: graded, share: 0.25 },
] as const

describe('watched at every look, with a mean that drifts', () => {
  it.each(DESIGNS)(
    'an equal is rarely turned away, and bounds hold: $design',
    { timeout: 120_000 },
    ({ draw, share }) => {
      const told = play({ draw, share, difference: 0 })
      expect(told.harm).toBeLessThanOrEqual(ALPHA)
      expect(told.missed).toBeLessThanOrEqual(ALPHA)
    },
  )

  it.each(DESIGNS)(
    'one that is worse by the margin is rarely let on: $design',
    { timeout: 120_000 },
    ({ draw, share }) => {
      expect(play({ draw, share, difference: MARGIN }).proof).toBeLessThanOrEqual(ALPHA)
    },
  )

  it('most of what is clearly better is let on soon, and of what is clearly worse turned away', {
    timeout: 120_000,
  }, () => {
    const better = play({ draw: graded, share: null, difference: -0.05 })
    expect(better.proof).toBeGreaterThan(0.99)
    expect(better.looksToProof * EVENTS).toBeLessThan(600)
    const worse = play({ draw: error, share: 0.25, difference: 0.1 })
    expect(worse.harm).toBeGreaterThan(0.95)
    expect(worse.looksToHarm * EVENTS).toBeLessThan(3000)
  })
})
