import { describe, expect, it } from 'vitest'
import { PLANTED_KINDS, plantedSpoils } from '../../../bench/loop/planted.ts'
import { playCourse } from '../../../bench/loop/play-course.ts'
import { playWorld } from '../../../bench/loop/play-world.ts'
import {
  EVERY_PERIOD,
  NEVER,
  policiesOf,
  RECOMMENDED,
  recommendedPolicy,
} from '../../../bench/loop/policies.ts'
import { prequential } from '../../../bench/loop/prequential.ts'
import { linesOf, tableOf } from '../../../bench/loop/summary.ts'
import type { LabelledRow } from '../../../bench/loop/world.ts'
import { drawnSea } from '../../../bench/loop/worlds/sea.ts'
import { chooseWorlds, WORLDS } from '../../../bench/loop/worlds.ts'

const CONCEPT_ROWS = 8_000

const row = (at: number, x: number, label: 0 | 1): LabelledRow => {
  return { id: `r${at}`, at, features: { x }, label, labelAt: at + 1 }
}

describe('the loop, played small', () => {
  const world = drawnSea(1, CONCEPT_ROWS)

  it('wins by retraining, asks for few retrains, and lets no bad candidate through', async () => {
    const said: string[] = []
    const only = new Set([NEVER, EVERY_PERIOD, RECOMMENDED])
    const outcome = await playWorld(world, (line) => said.push(line), only)
    expect(said).toHaveLength(only.size)
    const [never, weekly, recommended] = outcome.policies
    expect(never).toMatchObject({ policy: NEVER, retrains: 0, promoted: 0 })
    expect(weekly!.retrains).toBeGreaterThanOrEqual(4)
    expect(weekly!.accuracy).toBeGreaterThan(never!.accuracy + 0.02)
    expect(recommended!.accuracy).toBeGreaterThanOrEqual(never!.accuracy)
    expect(outcome.planted.map(({ kind }) => kind)).toEqual(PLANTED_KINDS)
    expect(outcome.planted.reduce((sum, { offered }) => sum + offered, 0)).toBeGreaterThanOrEqual(2)

    const result = { world: 'small', title: 'small', commit: 'none', node: 'none', outcomes: [outcome] }
    const lines = linesOf(result)
    expect(lines.map(({ id }) => id)).toEqual([
      'small.retrains',
      'small.accuracy',
      'small.log-loss',
      'small.planted',
    ])
    const missed = lines.filter(({ met }) => met !== true).map(({ id }) => id)
    expect(missed).not.toContain('small.retrains')
    expect(missed).not.toContain('small.planted')
    for (const id of missed) expect(tableOf([result])).toContain(`- \`${id}\``)
  }, 60_000)

  it('scores what served as the replay itself measures it', async () => {
    const weekly = policiesOf(recommendedPolicy(), world).find(({ name }) => name === EVERY_PERIOD)!
    const { score, replayedMetric, served } = await playCourse(world, weekly)
    expect(served.length).toBeGreaterThan(1)
    expect(Math.abs(score.logLoss - replayedMetric!)).toBeLessThan(1e-3)
  }, 60_000)
})

describe('the score of what served', () => {
  it('asks of each row the version that served at its time', () => {
    const rows = [row(1, 1, 1), row(2, 1, 1), row(3, 1, 1), row(4, 1, 0)]
    const served = [
      { at: Number.NEGATIVE_INFINITY, learned: () => 0.25 },
      { at: 3, learned: () => 0.75 },
    ]
    const { n, accuracy, logLoss } = prequential(rows, served)
    expect({ n, accuracy }).toEqual({ n: 4, accuracy: 0.25 })
    expect(logLoss).toBeCloseTo(-(3 * Math.log(0.25) + Math.log(0.75)) / 4, 12)
    expect(prequential(rows, served, 3, 4)).toMatchObject({ n: 1, accuracy: 1 })
  })
})

describe('bad candidates', () => {
  it('take turns with honest ones, each spoilt in its own way', () => {
    const past = [row(0, -1, 0)]
    const rows = Array.from({ length: 40 }, (_, at) => ({
      id: `r${at}`,
      at,
      features: { x: at },
      label: at % 2,
    }))
    const spoil = plantedSpoils(past, 'x', 1)
    const turns = Array.from({ length: 8 }, () => spoil(rows))
    expect(turns.filter((_, turn) => turn % 2 === 0).every((turn) => turn.rows === rows)).toBe(true)
    const [flipped, ten, stale, broken] = turns.filter((_, turn) => turn % 2 === 1)
    expect([flipped, ten, stale, broken].map((turn) => turn!.kind)).toEqual(PLANTED_KINDS)
    expect(flipped!.rows.map(({ label }) => label)).toEqual(rows.map(({ label }) => 1 - label))
    expect(ten!.rows).toEqual(rows.slice(-10))
    expect(stale!.rows).toBe(past)
    expect(broken!.rows.map(({ label }) => label)).toEqual(rows.map(({ label }) => label))
    expect(broken!.rows.map(({ features }) => features)).not.toEqual(rows.map(({ features }) => features))
  })
})

describe('the worlds', () => {
  it('that were recorded are not there without their folder', async () => {
    for (const source of WORLDS.filter(({ id }) => id === 'sea' || id === 'electricity')) {
      expect(await source.open(null, 1)).toBeNull()
    }
  })

  it('are chosen by name, and no others', () => {
    expect(chooseWorlds(undefined)).toBe(WORLDS)
    expect(chooseWorlds('flights,sea').map(({ id }) => id)).toEqual(['flights', 'sea'])
    expect(() => chooseWorlds('mars')).toThrow('expected some of sea-drawn')
  })
})
