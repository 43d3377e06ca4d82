import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { RECORDED, readRecorded } from '../../accuracy/streams/recorded.ts'
import { type Row, withLabelNoise } from '../../accuracy/streams/row.ts'
import { sea } from '../../accuracy/streams/sea.ts'
import { learnLogistic } from '../learn.ts'
import { changeAt, DAY_MS, type LabelledRow, trainingOf, type World } from '../world.ts'

const NAMES = ['x1', 'x2', 'x3']
const ROWS_PER_DAY = 288
const START_MS = Date.UTC(2027, 0, 4)
const LABEL_DELAY_MS = 3_600_000
/** Rows of before the first event that is watched. */
const PAST_ROWS = 5_000

/**
 * SEA concepts as they were recorded, a row every five minutes: labels change their rule three times, features
 * never move. A seed puts the rows of each concept in an order of its own.
 * @returns null where the folder has no such file
 */
export function recordedSea(folder: string | null, seed: number): World | null {
  const rows = readRecorded('sea', folder)
  if (rows === null) return null
  const random = createRandom(`loop sea ${seed}`)
  const begins = [0, ...RECORDED.sea.drifts]
  const ordered = begins.flatMap((from, index) => shuffled(rows.slice(from, begins[index + 1]), random))
  return seaWorld('SEA', seed, ordered, begins.slice(1))
}

/** The same drawn anew, with so many rows of each of two concepts: a stream that is always there. */
export function drawnSea(seed: number, rowsOfConcept: number): World {
  const random = createRandom(`loop drawn sea ${seed}`)
  const concepts = [sea(2), sea(3)].map((concept) => withLabelNoise(concept, 0.1))
  const rows = concepts.flatMap((concept) => Array.from({ length: rowsOfConcept }, () => concept(random)))
  return seaWorld('SEA, drawn', seed, rows, [rowsOfConcept])
}

function seaWorld(name: string, seed: number, drawn: readonly Row[], changes: readonly number[]): World {
  const timeOf = (row: number) => START_MS + (row * DAY_MS) / ROWS_PER_DAY
  const rows = drawn.map(({ x, y }, row): LabelledRow => {
    const at = timeOf(row)
    const features = Object.fromEntries(NAMES.map((feature, index) => [feature, x[index]!]))
    return { id: `s${row}`, at, features, label: y === 1 ? 1 : 0, labelAt: at + LABEL_DELAY_MS }
  })
  const past = rows.slice(0, PAST_ROWS)
  return {
    name,
    seed,
    config: {
      stream: { paneLength: '6h', grace: '0s', labelWait: '1d' },
      model: {
        features: Object.fromEntries(NAMES.map((feature) => [feature, 'numeric'])),
        windows: { labelDelay: '6h' },
        retraining: { trainer: { command: ['in-process'] } },
      },
    },
    training: trainingOf(past),
    learn: learnLogistic(NAMES),
    past,
    rows: rows.slice(PAST_ROWS),
    rowsPerDay: ROWS_PER_DAY,
    changes: changes.map((row) => changeAt(`row ${row}`, timeOf(row))),
    keyFeature: 'x1',
  }
}

/** Fisher and Yates. */
function shuffled(rows: readonly Row[], random: Random): Row[] {
  const order = [...rows]
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}
