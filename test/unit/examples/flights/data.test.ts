import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, STREAM_START_MS, weekOf } from '../../../../examples/flights/calendar.ts'
import { type Flights, flightDays, readFlights } from '../../../../examples/flights/data.ts'
import { flightFeatures, lateLabel } from '../../../../examples/flights/features.ts'
import { changedWorld } from '../../../../examples/flights/plants.ts'
import { emptyScores, recordScore, scoresAuc } from '../../../../examples/flights/scores.ts'
import { TrainingSet } from '../../../../examples/flights/training-set.ts'
import { collect } from './collect.ts'
import { someFlights } from './some-flights.ts'

async function* groupsOf(...groups: Flights[]): AsyncGenerator<Flights> {
  yield* groups
}

it('cuts row groups into whole days, also across their borders', async () => {
  const at = (day: number, hour: number) => ({ date: STREAM_START_MS + day * DAY_MS + hour * HOUR_MS })
  const groups = groupsOf(
    someFlights([at(0, 1), at(0, 5), at(1, 2)]),
    someFlights([at(1, 3)], 3),
    someFlights([at(1, 9), at(2, 0), at(3, 0)], 4),
  )
  const days = await collect(flightDays(groups))
  expect(days.map((day) => [day.firstRow, day.length])).toEqual([
    [0, 2],
    [2, 3],
    [5, 1],
    [6, 1],
  ])
  expect([...days[1]!.date]).toEqual([at(1, 2).date, at(1, 3).date, at(1, 9).date])
  expect(days[1]!.airports[days[1]!.origin[2]!]).toBe('DEN')
})

it('has no day where there is no flight', async () => {
  expect(await collect(flightDays(groupsOf()))).toEqual([])
  expect(await collect(flightDays(groupsOf(someFlights([]))))).toEqual([])
})

it('says what is missing where there is no file, and where it is another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flights-'))
  const other = join(folder, 'other.parquet')
  await writeFile(other, 'not a parquet file')
  for (const path of [join(folder, 'absent.parquet'), other]) {
    await expect(readFlights(pathToFileURL(path)).next()).rejects.toMatchObject({
      code: 'DEMO_UNAVAILABLE',
      message: expect.stringContaining('vega-datasets'),
      context: { path },
    })
  }
  await rm(folder, { recursive: true })
})

// The only test on the real file: what the demo's story rests on, measured in the way the demo does it.
it('reads the flights of 2001, from which a model learns what a mirrored day unlearns', async () => {
  const training = new TrainingSet()
  const raw = emptyScores()
  const planted = emptyScores()
  let firstDay: Flights | null = null
  let model: ReturnType<TrainingSet['fit']> | null = null
  for await (const day of flightDays(readFlights())) {
    firstDay ??= day
    const week = weekOf(day.date[0]!)
    if (week <= 4) {
      for (let i = 0; i < day.length; i++) training.add(flightFeatures(day, i), lateLabel(day, i) === 1)
      continue
    }
    model ??= training.fit()
    if (week < 15) continue
    const changed = changedWorld.world(day)
    const scores = week < 16 ? raw : planted
    for (let i = 0; i < day.length; i++) {
      recordScore(scores, model.predict(flightFeatures(day, i)), lateLabel(changed, i) === 1)
    }
    if (day.date[0]! >= changedWorld.incident.startedAt + DAY_MS) break
  }

  expect([firstDay!.firstRow, firstDay!.date[0]]).toEqual([0, STREAM_START_MS + 60_000])
  expect(training.length).toBe(458_388)
  expect(training.lateShare).toBeCloseTo(0.217, 3)
  expect(model!.threshold).toBeCloseTo(0.217, 3)
  expect(raw.events).toBe(114_791)
  expect(scoresAuc(raw)).toBeGreaterThan(0.63)
  expect(scoresAuc(raw)).toBeLessThan(0.67)
  expect(scoresAuc(planted)).toBeLessThan(0.48)
})
