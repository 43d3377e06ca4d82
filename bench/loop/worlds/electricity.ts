import { createRandom } from '../../../src/statistics/random.ts'
import { readRecorded } from '../../accuracy/streams/recorded.ts'
import { learnLogistic } from '../learn.ts'
import { DAY_MS, type LabelledRow, trainingOf, type World } from '../world.ts'

/** Columns of the file; `date` only says how far the stream is. */
const COLUMNS = ['date', 'day', 'period', 'nswprice', 'nswdemand', 'vicprice', 'vicdemand', 'transfer']
const NAMES = COLUMNS.slice(1)
const ROWS_PER_DAY = 48
const START_MS = Date.UTC(1996, 4, 6)
const LABEL_DELAY_MS = 1_800_000
const PAST_DAYS = 56
/** A seed leaves out the others: the stream has one order, and shuffled it would be another stream. */
const KEPT_SHARE = 0.9

/**
 * The electricity market of New South Wales, a row every half hour: strongly autocorrelated, with seasons, and
 * three features that are constant until day 363. Nobody knows where else it changes.
 * @returns null where the folder has no such file
 */
export function electricity(folder: string | null, seed: number): World | null {
  const recorded = readRecorded('elec2', folder)
  if (recorded === null) return null
  const random = createRandom(`loop electricity ${seed}`)
  const rows = recorded.flatMap(({ x, y }, row): LabelledRow[] => {
    if (random() >= KEPT_SHARE) return []
    const at = START_MS + (row * DAY_MS) / ROWS_PER_DAY
    const features = Object.fromEntries(COLUMNS.map((name, index) => [name, x[index]!]).slice(1))
    return [{ id: `e${row}`, at, features, label: y === 1 ? 1 : 0, labelAt: at + LABEL_DELAY_MS }]
  })
  const watchedFrom = START_MS + PAST_DAYS * DAY_MS
  const past = rows.filter(({ at }) => at < watchedFrom)
  return {
    name: 'electricity',
    seed,
    config: {
      stream: { paneLength: '1d', grace: '0s', labelWait: '1d' },
      model: {
        features: Object.fromEntries(NAMES.map((name) => [name, 'numeric'])),
        windows: { data: '7d', performance: '7d', labelDelay: '1d' },
        retraining: { holdoutMin: 250, trainer: { command: ['in-process'] } },
      },
    },
    training: trainingOf(past),
    learn: learnLogistic(NAMES),
    past,
    rows: rows.filter(({ at }) => at >= watchedFrom),
    rowsPerDay: KEPT_SHARE * ROWS_PER_DAY,
    changes: [],
    keyFeature: 'nswprice',
  }
}
