import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { readRecorded } from '../streams/recorded.ts'
import { normals } from './correlated-rows.ts'
import { NO_GATES, watchedModel, watchedReference } from './watched-model.ts'
import { type BegunEpisode, type WatchedRow, watchStream } from './watched-stream.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A Monday. */
const START_MS = Date.UTC(2027, 0, 4)

/** Models whose rows hang together, with references that know how their windows scatter. */
export interface DependentCell {
  readonly id: string
  /** Of one row with the next; null: the recorded stream. */
  readonly phi: number | null
  readonly models: number
  /** Hourly panes, daily of the recorded stream; as many as there are where it is shorter. */
  readonly panes: number
  readonly referenceWindows: number
  readonly data: string | null
  readonly seed: string
}

export function runDependentCell(cell: DependentCell): BegunEpisode[][] {
  const { phi, models, seed } = cell
  return Array.from({ length: models }, (_, number) => {
    const own = `${seed} model ${number}`
    return phi === null ? shuffledWeeks(cell, own) : autoregressive(cell, phi, own)
  })
}

const FEATURES = 5
const ROWS_PER_HOUR = 100
/** Of the daily cycle, in standard deviations of the rest. */
const CYCLE = 0.5

/** Features and score follow an autoregression of order 1 from row to row, on a daily cycle. */
function autoregressive(cell: DependentCell, phi: number, seed: string): BegunEpisode[] {
  const { panes, referenceWindows } = cell
  const names = Array.from({ length: FEATURES }, (_, feature) => `x${feature}`)
  const types = new Map(names.map((name) => [name, 'numeric'] as const))
  const model = watchedModel({
    features: types,
    windows: {
      qualityMs: HOUR_MS,
      dataMs: DAY_MS,
      performanceMs: DAY_MS,
      longestMs: 16 * DAY_MS,
      labelDelayMs: 0,
    },
    falseRetrains: 1,
    perMs: panes * HOUR_MS,
    detection: NO_GATES,
  })
  const covered = { fromMs: START_MS - referenceWindows * DAY_MS, toMs: START_MS }
  const reference = watchedReference(model, {
    createdAt: START_MS,
    windowMs: DAY_MS,
    covered,
    rows: function* () {
      const next = cyclicRows(createRandom(`${seed} reference`), phi)
      for (let hour = 0; hour < referenceWindows * 24; hour++) {
        for (let row = 0; row < ROWS_PER_HOUR; row++) {
          const { values, ...outcome } = next(hour)
          const at = covered.fromMs + hour * HOUR_MS + (row * HOUR_MS) / ROWS_PER_HOUR
          yield {
            features: Object.fromEntries(names.map((name, place) => [name, values[place]!])),
            ...outcome,
            at,
          }
        }
      }
    },
  })
  const next = cyclicRows(createRandom(`${seed} stream`), phi)
  return watchStream(model, reference, HOUR_MS, panes, START_MS, function* (pane) {
    for (let row = 0; row < ROWS_PER_HOUR; row++) yield next(pane)
  })
}

function cyclicRows(random: Random, phi: number): (hour: number) => WatchedRow {
  const normal = normals(random)
  const own = Math.sqrt(1 - phi * phi)
  const states = Array.from({ length: FEATURES + 1 }, () => normal())
  const values = new Array<number>(FEATURES).fill(0)
  return (hour) => {
    for (let at = 0; at <= FEATURES; at++) states[at] = phi * states[at]! + own * normal()
    for (let feature = 0; feature < FEATURES; feature++) {
      const angle = 2 * Math.PI * (hour / 24 + feature / FEATURES)
      values[feature] = states[feature]! + CYCLE * Math.sin(angle)
    }
    const score = 1 / (1 + Math.exp(-states[FEATURES]!))
    return { values, score, prediction: score >= 0.5 ? 1 : 0, label: random() < score ? 1 : 0 }
  }
}

const ROWS_PER_DAY = 48
const WEEK = 7 * ROWS_PER_DAY
/** Price and demand of New South Wales and Victoria, and the transfer; date and time of day are left out. */
const ELECTRICITY = { names: ['nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer'], from: 3 }

/** Weeks of the electricity market in an order of chance: all that hangs together within a week still does. */
function shuffledWeeks({ panes, referenceWindows, data }: DependentCell, seed: string): BegunEpisode[] {
  const { names, from } = ELECTRICITY
  const rows = readRecorded('elec2', data)
  if (rows === null) throw new Error(`expected elec2.csv.gz in ${data}`)
  const weeks = Array.from({ length: Math.floor(rows.length / WEEK) }, (_, week) =>
    rows.slice(week * WEEK, (week + 1) * WEEK).map(({ x }) => [...x.subarray(from, from + names.length)]),
  )
  shuffle(weeks, createRandom(seed))
  const types = new Map(names.map((name) => [name, 'numeric'] as const))
  const days = Math.min(panes, 7 * (weeks.length - referenceWindows))
  const model = watchedModel({
    features: types,
    windows: {
      qualityMs: DAY_MS,
      dataMs: 7 * DAY_MS,
      performanceMs: 7 * DAY_MS,
      longestMs: 28 * DAY_MS,
      labelDelayMs: 0,
    },
    falseRetrains: 1,
    perMs: days * DAY_MS,
    detection: NO_GATES,
  })
  // Windows of a week begin at multiples of a week from the epoch, a Thursday.
  const startMs = Math.ceil(START_MS / (7 * DAY_MS)) * 7 * DAY_MS
  const covered = { fromMs: startMs - referenceWindows * 7 * DAY_MS, toMs: startMs }
  const known = weeks.slice(0, referenceWindows).flat()
  const reference = watchedReference(model, {
    createdAt: startMs,
    windowMs: 7 * DAY_MS,
    covered,
    rows: () =>
      known.map((values, row) => ({
        features: Object.fromEntries(names.map((name, place) => [name, values[place]!])),
        at: covered.fromMs + (row * DAY_MS) / ROWS_PER_DAY,
      })),
  })
  const watched = weeks.slice(referenceWindows).flat()
  return watchStream(model, reference, DAY_MS, days, startMs, (pane) =>
    watched.slice(pane * ROWS_PER_DAY, (pane + 1) * ROWS_PER_DAY).map((values) => ({ values })),
  )
}

/** Fisher and Yates. */
function shuffle(items: unknown[], random: Random): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const item = items[last]
    items[last] = items[other]
    items[other] = item
  }
}
