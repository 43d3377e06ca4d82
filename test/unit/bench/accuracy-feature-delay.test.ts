import { describe, expect, it } from 'vitest'
import { type FeatureSample, PANE_ROWS } from '../../../bench/accuracy/feature-delay/competitor.ts'
import { FEATURE_COMPETITORS } from '../../../bench/accuracy/feature-delay/competitors.ts'
import {
  type FeatureDelayCell,
  runFeatureDelayCell,
  sampleOf,
} from '../../../bench/accuracy/feature-delay/feature-cell.ts'
import { QUIET } from '../../../bench/accuracy/feature-delay/quiet.ts'
import { STORIES } from '../../../bench/accuracy/feature-delay/stories.ts'
import type { FeatureStory } from '../../../bench/accuracy/feature-delay/story.ts'
import { createRandom } from '../../../src/statistics/random.ts'

interface Moments {
  readonly mean: number
  readonly sd: number
}

/** Mean and spread of the first feature over rows that lie so far from the change. */
function momentsOf(story: FeatureStory, from: number, rows = 40_000): Moments {
  const random = createRandom(story.name)
  const draw = story.open(createRandom('world'))
  const row = new Float64Array(story.features.length)
  const values = Array.from({ length: rows }, (_, at) => {
    draw(random, row, from < 0 ? from : from + at)
    return row[0]!
  })
  const mean = values.reduce((sum, value) => sum + value, 0) / rows
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows) }
}

function story(name: string): FeatureStory {
  return STORIES.find((one) => one.name === name)!
}

describe('stories', () => {
  it.each([
    ['mean up by 0.25 sd', 0.25, 1],
    ['mean up by 1 sd', 1, 1],
    ['spread 1.3 times', 0, 1.3],
    ['spread 0.7 times', 0, 0.7],
    ['skew, same mean and sd', 0, 1],
    ['heavy tails, same mean and sd', 0, 1],
    ['two humps, same mean and sd', 0, 1],
    ['one of ten, mean up by 0.5 sd', 0.5, 1],
    ['one of ten, spread 1.5 times', 0, 1.5],
    ['all of ten, mean up by 0.25 sd', 0.25, 1],
    ['AR(1), mean up by 0.5 sd', 0.5, 1],
    ['AR(1), spread 1.5 times', 0, 1.5],
  ])('%s: mean %d, spread %d after, 0 and 1 before', (name, mean, sd) => {
    const before = momentsOf(story(name), -1)
    expect(Math.abs(before.mean)).toBeLessThan(0.04)
    expect(Math.abs(before.sd - 1)).toBeLessThan(0.03)
    const after = momentsOf(story(name), 10_000)
    expect(Math.abs(after.mean - mean)).toBeLessThan(0.05)
    expect(Math.abs(after.sd - sd)).toBeLessThan(0.05)
  })

  it('a slow rise has come half way after half of its rows', () => {
    const slow = story('mean rising to 1 sd in 4000 rows')
    expect(momentsOf(slow, 1990, 20).mean).toBeCloseTo(0.5, 0)
    expect(momentsOf(slow, 4000).mean).toBeCloseTo(1, 1)
  })

  it('are tuned on quiet streams of the same number of features, none of their names', () => {
    for (const { name, tunedOn, features } of STORIES) {
      const quiet = QUIET.filter((one) => one.tunedOn === tunedOn)
      expect(quiet.length).toBe(3)
      for (const one of quiet)
        expect([one.features.length, one.name !== name]).toEqual([features.length, true])
    }
  })
})

describe('competitors', () => {
  const still = story('mean up by 1 sd')
  const sample: FeatureSample = sampleOf(still, 'test')

  it.each(FEATURE_COMPETITORS)('$name finds a feature that leaps', ({ prepare, from, to }) => {
    const watch = prepare(sample)(Math.sqrt(from * to))
    const alarms = Array.from({ length: 2000 }, () => watch(Float64Array.of(8)))
    expect(alarms).toContain(true)
  })

  it('ours looks at the end of a pane', () => {
    const { prepare } = FEATURE_COMPETITORS.find(({ name }) => name === 'driftstream')!
    const watch = prepare(sample)(1)
    const alarms = Array.from({ length: 400 }, () => watch(Float64Array.of(3)))
    expect((alarms.indexOf(true) + 1) % PANE_ROWS).toBe(0)
    expect(alarms).toContain(true)
  })
})

describe('runFeatureDelayCell', () => {
  const cell: FeatureDelayCell = {
    id: 'dependent ks 200',
    competitor: 'ks 200',
    kind: 'dependent',
    falseAlarmEvery: 1000,
    quietPlays: 1,
    quietRows: 4000,
    before: 200,
    plays: 2,
    seed: 'test',
  }

  it('tunes, and scores the stories of its kind; the same for the same seed', { timeout: 60_000 }, () => {
    const { tuned, scores } = runFeatureDelayCell(cell)
    expect(tuned.falseAlarmEvery).toBeGreaterThan(500)
    expect(tuned.falseAlarmEvery).toBeLessThan(2000)
    expect(scores.map(({ story: name }) => name)).toEqual([
      'AR(1), mean up by 0.5 sd',
      'AR(1), spread 1.5 times',
    ])
    expect(runFeatureDelayCell(cell)).toEqual({ tuned, scores })
  })
})
