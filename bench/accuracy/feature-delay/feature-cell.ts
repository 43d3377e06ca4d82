import { createRandom } from '../../../src/statistics/random.ts'
import { type Score, score } from '../delay/score.ts'
import { type Tuned, tune } from '../delay/tune.ts'
import type { Watched } from '../delay/watching.ts'
import { type FeatureCompetitor, type FeatureSample, REFERENCE_ROWS } from './competitor.ts'
import { FEATURE_COMPETITORS } from './competitors.ts'
import { QUIET } from './quiet.ts'
import { STORIES } from './stories.ts'
import type { FeatureStory, QuietKind } from './story.ts'

/** How often and how long streams are played; lengths in rows. */
export interface FeatureDelaySize {
  readonly falseAlarmEvery: number
  readonly quietPlays: number
  readonly quietRows: number
  readonly before: number
  readonly plays: number
}

/** One detector on the streams of one kind: tuned on the quiet ones, scored on the stories. */
export interface FeatureDelayCell extends FeatureDelaySize {
  readonly id: string
  readonly competitor: string
  readonly kind: QuietKind
  readonly seed: string
}

export interface FeatureResult {
  readonly tuned: Tuned
  readonly scores: readonly (Score & { readonly story: string })[]
}

export function runFeatureDelayCell(cell: FeatureDelayCell): FeatureResult {
  const { kind, falseAlarmEvery, quietPlays, quietRows, before, plays, seed } = cell
  const competitor = FEATURE_COMPETITORS.find(({ name }) => name === cell.competitor)!
  const watchedOf = (story: FeatureStory, count: number, steps: number, change: number): Watched[] =>
    Array.from({ length: count }, (_, number) =>
      watched(competitor, story, `${story.name} ${seed} ${number}`, steps, change),
    )
  const quiet = QUIET.filter(({ tunedOn }) => tunedOn === kind).flatMap((story) =>
    watchedOf(story, quietPlays, quietRows, quietRows),
  )
  const tuned = tune(competitor, quiet, falseAlarmEvery)
  const scores = STORIES.filter(({ tunedOn }) => tunedOn === kind).map((story) => ({
    story: story.name,
    ...score(tuned.strictness, watchedOf(story, plays, before + story.delayMax, before)),
  }))
  return { tuned, scores }
}

/** One play of a story under a detector; the same rows for every detector and strictness. */
function watched(
  competitor: FeatureCompetitor,
  story: FeatureStory,
  seed: string,
  steps: number,
  change: number,
): Watched {
  let prepared: ReturnType<FeatureCompetitor['prepare']> | null = null
  return (strictness) => {
    prepared ??= competitor.prepare(sampleOf(story, seed))
    const watch = prepared(strictness)
    const random = createRandom(`${seed} watched`)
    const draw = story.open(createRandom(`${seed} world`))
    const row = new Float64Array(story.features.length)
    let step = 0
    return {
      steps,
      change,
      next() {
        draw(random, row, step - change)
        step += 1
        return watch(row)
      },
    }
  }
}

/** Rows of the story before its change. */
export function sampleOf(story: FeatureStory, seed: string): FeatureSample {
  const random = createRandom(`${seed} reference`)
  const draw = story.open(createRandom(`${seed} world`))
  const row = new Float64Array(story.features.length)
  const columns = story.features.map(() => new Float64Array(REFERENCE_ROWS))
  for (let at = 0; at < REFERENCE_ROWS; at++) {
    draw(random, row, at - REFERENCE_ROWS)
    for (let feature = 0; feature < row.length; feature++) columns[feature]![at] = row[feature]!
  }
  return { kinds: story.features, columns }
}
