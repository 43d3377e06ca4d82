import { createRandom, type Random } from '../../../src/statistics/random.ts'
import { isWrong } from '../models/error-stream.ts'
import { fitNaiveBayes } from '../models/naive-bayes.ts'
import { RECORDED, type RecordedName, readRecorded } from '../streams/recorded.ts'
import type { Row } from '../streams/row.ts'
import type { Episode } from './episodes.ts'

const TRAINING = 3000
const DELAY_MAX = 8000
/** Rows on both sides of a change that are left out: some streams change over within fifty. */
const MARGIN = 100

/** How long the parts of an episode are, in rows. */
export interface EpisodeLengths {
  readonly reference: number
  readonly before: number
}

/**
 * One play of one known change of a recorded stream: model, reference and what is watched before it from the
 * concept that ends there, what comes after from the concept that begins. Rows of one concept are in an
 * order of chance, so a stream that was recorded once can be played often.
 * @param change which of the stream's changes, from 0
 */
export function recordedEpisode(
  rows: readonly Row[],
  name: RecordedName,
  change: number,
  seed: string,
  { reference, before }: EpisodeLengths,
): Episode {
  const { drifts } = RECORDED[name]
  const drift = drifts[change]!
  const random = createRandom(`${name} ${change} ${seed}`)
  const old = inAnyOrder(rows.slice((drifts[change - 1] ?? -MARGIN) + MARGIN, drift - MARGIN), random)
  const fresh = inAnyOrder(rows.slice(drift + MARGIN, (drifts[change + 1] ?? rows.length) - MARGIN), random)
  if (old.length < TRAINING + reference + before || fresh.length < DELAY_MAX) {
    throw new Error(`expected longer concepts around row ${drift} of ${name}`)
  }
  const model = fitNaiveBayes(old.slice(0, TRAINING), 2)
  const errors = (some: readonly Row[]) => Uint8Array.from(some, (row) => isWrong(model, row))
  return {
    reference: errors(old.slice(TRAINING, TRAINING + reference)),
    watched: errors([
      ...old.slice(TRAINING + reference, TRAINING + reference + before),
      ...fresh.slice(0, DELAY_MAX),
    ]),
    change: before,
  }
}

/** Fisher and Yates. */
function inAnyOrder<Item>(items: Item[], random: Random): Item[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const item = items[last]!
    items[last] = items[other]!
    items[other] = item
  }
  return items
}

/** The rows of a recorded stream, read once a folder; null where the folder does not have it. */
export function recordedRows(name: RecordedName, folder: string | null): readonly Row[] | null {
  const key = `${name} ${folder}`
  if (!read.has(key)) read.set(key, readRecorded(name, folder))
  return read.get(key) ?? null
}

const read = new Map<string, readonly Row[] | null>()
