import { judgeCandidate } from '../../src/retraining/gates.ts'
import { RETRAINING_DEFAULTS, type RetrainingOptions } from '../../src/retraining/options.ts'
import type { HoldoutRow } from '../../src/retraining/pair.ts'
import { soundRows } from '../../src/retraining/sound-rows.ts'
import { splitByTime } from '../../src/retraining/split.ts'
import { judgeTrainingSet } from '../../src/retraining/training-set-gates.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import { createRandom } from '../../src/statistics/random.ts'
import { logistic } from './small-world.ts'

/** One labelled event: the label follows `x`; `c` is a category that says nothing. */
export interface PlantedRow {
  readonly id: string
  readonly at: number
  readonly features: Record<string, number | string | null>
  readonly label: 0 | 1
  readonly segment: string
}

export const MINUTE_MS = 60_000
export const REQUESTED_AT = Date.UTC(2027, 0, 10)

export const plantedOptions: RetrainingOptions = {
  ...RETRAINING_DEFAULTS,
  holdoutMin: 200,
  bootstrapRepeats: 99,
}

/** The world after its turn: the label falls with `x`. One event a minute up to the request. */
export function plantedRows(seed: string, n = 2000): PlantedRow[] {
  const random = createRandom(seed)
  return Array.from({ length: n }, (_, index): PlantedRow => {
    const x = 4 * random() - 2
    return {
      id: `p${index}`,
      at: REQUESTED_AT - (n - index) * MINUTE_MS,
      features: { x, c: ['red', 'green', 'blue'][Math.floor(3 * random())]! },
      label: random() < logistic(-3 * x) ? 1 : 0,
      segment: index % 2 === 0 ? 'north' : 'south',
    }
  })
}

/** What the champion learned from: the world before. */
export const plantedReference = buildReference({
  model: 'small',
  version: '1',
  createdAt: REQUESTED_AT,
  task: 'binary',
  positiveLabel: '1',
  features: new Map([
    ['x', 'numeric'],
    ['c', 'categorical'],
  ]),
  rows: () => plantedRows('the world before', 3000).map(({ features }) => ({ features })),
})

export type Answer = (row: PlantedRow) => number

/** A trainer: the slope on `x` by which the label is best told, ±3 or 0 where it learned nothing. */
export function learn(train: readonly PlantedRow[]): Answer {
  const sum = train.reduce((all, { features, label }) => all + numberOf(features.x) * (2 * label - 1), 0)
  const slope = Math.abs(sum) / train.length < 0.05 ? 0 : Math.sign(sum) * 3
  return ({ features }) => logistic(slope * numberOf(features.x))
}

export interface Planted {
  readonly rows: readonly PlantedRow[]
  readonly seed: string
  /** Events of the range, labelled or not; absent: as many as rows. */
  readonly events?: number
  readonly train?: (train: readonly PlantedRow[]) => Answer
  readonly options?: RetrainingOptions
  /** What the champion makes of `x`; absent: the sign of the world before. */
  readonly championSlope?: number
}

/** The way of a candidate through all gates, without a log: names of the gates that stayed shut. */
export function refusedBy(planted: Planted): string[] {
  const { rows, seed, events, train = learn, options = plantedOptions, championSlope = 3 } = planted
  const { sound, faults } = soundRows(rows, plantedReference, options.gates.unusableRiseMax)
  const set = {
    events: events ?? rows.length,
    labelled: rows.length,
    sound: sound.length,
    faults,
    newestAt: sound.at(-1)?.at ?? null,
    requestedAt: REQUESTED_AT,
  }
  const shut = judgeTrainingSet(set, options.gates).filter(({ passed }) => !passed)
  if (shut.length > 0) return shut.map(({ gate }) => gate)
  const split = splitByTime(sound, options)
  if (split.kind === 'too-small') return ['too small']
  const challenger = train(split.train)
  const champion: Answer = ({ features }) => logistic(championSlope * numberOf(features.x))
  const holdout = split.holdout.map((row): HoldoutRow => {
    const said = (answer: Answer) => ({ prediction: Math.round(answer(row)), score: answer(row) })
    const { id, label, segment } = row
    return { id, label, segment, champion: said(champion), challenger: said(challenger) }
  })
  const judged = judgeCandidate({
    task: 'binary',
    positiveLabel: '1',
    holdout,
    trainRows: split.train.length,
    options,
    seed,
  })
  return judged.gates.filter(({ passed }) => !passed).map(({ gate }) => gate)
}

function numberOf(value: number | string | null | undefined): number {
  return typeof value === 'number' ? value : 0
}
