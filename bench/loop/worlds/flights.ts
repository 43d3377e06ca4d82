import { TRAINING_WEEKS, weekStartMs } from '../../../examples/flights/calendar.ts'
import { type Flights, flightDays, readFlights } from '../../../examples/flights/data.ts'
import { flightFeatures, flightId, labelKnownAt, lateLabel } from '../../../examples/flights/features.ts'
import { hash32 } from '../../../examples/flights/hash.ts'
import { changedWorld, laterFlights, type Plant, plantDay } from '../../../examples/flights/plants.ts'
import { learnFlights } from '../learn.ts'
import { changeAt, type LabelledRow, trainingOf, type World } from '../world.ts'

/** A seed draws so many of three million flights. */
const SAMPLE_SHARE = 0.04
const DAYS = 181
const FLIGHTS = 3_000_000

/** Flights of half a year as they were, or with the demo's planted change of the world. */
export async function flights(seed: number, planted: boolean): Promise<World> {
  const plants: readonly Plant[] = planted ? [changedWorld] : []
  const rows: LabelledRow[] = []
  for await (const day of flightDays(readFlights())) addDay(rows, day, plants, seed)
  const watchedFrom = weekStartMs(TRAINING_WEEKS + 1)
  const rowsPerDay = (SAMPLE_SHARE * FLIGHTS) / DAYS
  const past = rows.filter(({ at }) => at < watchedFrom)
  return {
    name: planted ? 'flights, planted change' : 'flights',
    seed,
    config: {
      stream: { paneLength: '6h', grace: '0s', labelWait: '2d' },
      model: {
        features: {
          hour: 'numeric',
          distance: 'numeric',
          origin: 'categorical',
          destination: 'categorical',
          weekday: { type: 'categorical', window: '7d' },
        },
        windows: { data: '24h', performance: '3d', labelDelay: '12h' },
        detection: { psiDrift: 0.25, lossRise: 0.3, performanceDrop: 0.08 },
        retraining: { trainer: { command: ['in-process'] } },
      },
    },
    training: trainingOf(past),
    learn: learnFlights,
    past,
    rows: rows.filter(({ at }) => at >= watchedFrom),
    rowsPerDay,
    changes: [laterFlights, ...plants.map(({ incident }) => incident)].map(({ name, startedAt }) =>
      changeAt(name, startedAt),
    ),
    keyFeature: 'hour',
  }
}

/** Plants move delays within a day, so the day is drawn from when it is planted. */
function addDay(rows: LabelledRow[], day: Flights, plants: readonly Plant[], seed: number): void {
  const { happened, reported } = plantDay(plants, day)
  const salt = hash32(seed)
  for (let i = 0; i < day.length; i++) {
    if (hash32((day.firstRow + i) ^ salt) >= SAMPLE_SHARE * 2 ** 32) continue
    rows.push({
      id: flightId(day, i),
      at: happened.date[i]!,
      features: flightFeatures(reported, i),
      label: lateLabel(happened, i),
      labelAt: labelKnownAt(happened, i),
    })
  }
}
