import { expect, it } from 'vitest'
import { replayHistory } from '../../../src/replay/replay-history.ts'
import { remarksOf } from '../../../src/replay/report/remarks.ts'
import { listedHistory, type SmallHistory, smallHistory, smallReplay } from '../../support/small-history.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const MINUTE_MS = 60_000
const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 99, eventsPerMinute: 100, seed: 3 }
const history = smallHistory(world, 12)

async function remarks(given: SmallHistory, more: Parameters<typeof smallReplay>[1] = {}) {
  return remarksOf(await replayHistory(listedHistory(given), smallReplay(world, more)))
}

it('has nothing to say where all is as it should be', async () => {
  expect(await remarks(history)).toEqual([])
})

it('says what was not judged, and that there were no labels', async () => {
  expect(await remarks({ ...history, labels: [] }, { references: [] })).toEqual([
    'no labels: performance is estimated where it can be, and not measured',
    expect.stringMatching(/^small: no version had a reference, so nothing was judged; /),
  ])
})

it('says that labels do not meet their predictions, and that rows are out of order', async () => {
  const strange = history.labels.map((label) => ({ ...label, id: `other ${label.id}` }))
  expect(await remarks({ ...history, labels: strange })).toEqual([
    'small: no label has met its prediction; both must have the same id',
  ])
  const late = history.labels.map((label) => ({ ...label, at: label.at + 40 * MINUTE_MS }))
  const long = smallHistory(world, 90)
  expect(await remarks({ features: long.features, labels: late })).toEqual([
    expect.stringMatching(/^[\d ]+ labels have no prediction: .* stream\.labelWait, 30 min$/),
    'small: no label has met its prediction; both must have the same id',
  ])
  const shuffled = [...history.features.slice(600), ...history.features.slice(0, 600)]
  expect((await remarks({ features: shuffled, labels: history.labels }))[0]).toBe(
    '600 rows stand behind later ones, so they came late or too late; a file that was not written in time order must be sorted first',
  )
})
