import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import type { Diagnosis } from '../../src/events/drift-event.ts'
import { DAY_MS, HOUR_MS, STREAM_END_MS, weekStartMs } from './calendar.ts'
import { type Flights, NO_AIRPORT } from './data.ts'
import { hash32 } from './hash.ts'

/** Something known to happen to the stream, and what should be made of it. */
export interface KnownIncident {
  readonly name: string
  readonly planted: boolean
  /** Epoch ms, the end excluded. */
  readonly startedAt: number
  readonly endsAt: number
  readonly expected: Diagnosis
  readonly story: string
}

/**
 * A change put into the real stream, always told as planted. Both functions are pure, take one whole day,
 * and give the day back itself where they change nothing.
 */
export interface Plant {
  readonly incident: KnownIncident
  /** Changes what happened: the delays, and with them the labels. */
  world(day: Flights): Flights
  /** Changes what is reported of it: the features the model gets. */
  pipe(day: Flights): Flights
}

/** One day twice: as it happened (times and labels are read from this), and as the pipe reported it. */
export interface PlantedDay {
  readonly happened: Flights
  readonly reported: Flights
}

/** In the data as they are: 29, 30 and 26 % late in weeks 7 to 9, after 22 % in weeks 1 to 4. */
export const laterFlights: KnownIncident = {
  name: 'later-flights',
  planted: false,
  startedAt: weekStartMs(7),
  endsAt: STREAM_END_MS,
  expected: 'check-labels',
  story: 'flights really get later: log-loss rises, while features and ranking stand still',
}

const KILOMETRES_PER_MILE = 1.609344
const MISSING_SHARE = 0.3
const MISSING_SEED = 0x0b5e55ed

export const brokenPipe: Plant = {
  incident: {
    name: 'broken-pipe',
    planted: true,
    startedAt: Date.UTC(2001, 2, 13),
    endsAt: Date.UTC(2001, 2, 16),
    expected: 'fix-data',
    story: 'for three days distance comes in kilometres and 30 % of origin is missing',
  },
  world: (day) => day,
  pipe: (day) => (happensOn(brokenPipe.incident, day) ? breakPipe(day) : day),
}

export const changedWorld: Plant = {
  incident: {
    name: 'changed-world',
    planted: true,
    startedAt: weekStartMs(16),
    endsAt: STREAM_END_MS + DAY_MS,
    expected: 'retrain',
    story: 'delay by hour of departure turns round: hour h gets the delays of hour 28 - h',
  },
  world: (day) => (happensOn(changedWorld.incident, day) ? mirrorDelays(day) : day),
  pipe: (day) => day,
}

const selections = new Map<string, readonly Plant[]>([
  ['all', [brokenPipe, changedWorld]],
  [brokenPipe.incident.name, [brokenPipe]],
  [changedWorld.incident.name, [changedWorld]],
  ['none', []],
])

/** What `--plant` accepts. */
export const PLANT_NAMES: readonly string[] = [...selections.keys()]

/** @throws CONFIG_INVALID for a name that is none of `PLANT_NAMES` */
export function plantsNamed(name: string): readonly Plant[] {
  const plants = selections.get(name)
  if (plants !== undefined) return plants
  throw new DriftstreamError(
    'CONFIG_INVALID',
    `--plant: expected one of ${PLANT_NAMES.join(', ')}, got ${name}`,
  )
}

/** Everything known to happen to the stream under these plants, the real incident first. */
export function knownIncidents(plants: readonly Plant[]): readonly KnownIncident[] {
  return [laterFlights, ...plants.map((plant) => plant.incident)]
}

/** A day as it happened and as it was reported. The day must be whole: delays move within it. */
export function plantDay(plants: readonly Plant[], day: Flights): PlantedDay {
  const happened = plants.reduce((flights, plant) => plant.world(flights), day)
  return { happened, reported: plants.reduce((flights, plant) => plant.pipe(flights), happened) }
}

function happensOn(incident: KnownIncident, day: Flights): boolean {
  return day.length > 0 && day.date[0]! >= incident.startedAt && day.date[0]! < incident.endsAt
}

/** Kilometres are rounded to whole ones, as the miles were. */
function breakPipe(day: Flights): Flights {
  return {
    ...day,
    distance: day.distance.map((miles) => Math.round(miles * KILOMETRES_PER_MILE)),
    origin: day.origin.map((airport, i) => (losesOrigin(day.firstRow + i) ? NO_AIRPORT : airport)),
  }
}

function losesOrigin(row: number): boolean {
  return hash32(row ^ MISSING_SEED) < MISSING_SHARE * 2 ** 32
}

const MIRROR_SUM = 28
const MIRROR_FIRST = 5

/**
 * Mirrors the day around 14 o'clock: flights of hour h (5 to 23) get the delays of hour 28 - h, in the same
 * order. The two hours differ in number, so the k-th of n flights takes the delay at place k / n of the
 * other hour: some delays are taken twice, some by nobody, and the day's share of late flights moves a
 * little. Hours 0 to 4 have no mirror and keep their delays, as does an hour whose mirror is empty.
 */
function mirrorDelays(day: Flights): Flights {
  const byHour: number[][] = Array.from({ length: 24 }, () => [])
  for (let i = 0; i < day.length; i++) byHour[Math.floor((day.date[i]! % DAY_MS) / HOUR_MS)]!.push(i)
  const delay = day.delay.slice()
  for (let hour = MIRROR_FIRST; hour < 24; hour++) {
    const own = byHour[hour]!
    const mirrored = byHour[MIRROR_SUM - hour]!
    if (mirrored.length === 0) continue
    for (let k = 0; k < own.length; k++) {
      const place = Math.floor((k * mirrored.length) / own.length)
      delay[own[k]!] = day.delay[mirrored[place]!]!
    }
  }
  return { ...day, delay }
}
