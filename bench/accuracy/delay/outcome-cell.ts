import { RECORDED, type RecordedName } from '../streams/recorded.ts'
import { COMPETITORS, type Competitor } from './competitors.ts'
import { CHANGING, type Episode, play, QUIET } from './episodes.ts'
import { recordedEpisode, recordedRows } from './recorded-episodes.ts'
import { type Score, score } from './score.ts'
import { type Tuned, tune } from './tune.ts'
import type { Watched } from './watching.ts'

/** How often and how long streams are played; lengths in outcomes. */
export interface OutcomeDelaySize {
  readonly falseAlarmEvery: number
  readonly quietPlays: number
  readonly quietOutcomes: number
  readonly plays: number
}

/** One detector: tuned on quiet streams, then scored on all stories. */
export interface OutcomeDelayCell extends OutcomeDelaySize {
  readonly id: string
  readonly competitor: string
  readonly seed: string
  /** Folder of the recorded streams; null: they are left out. */
  readonly data: string | null
}

export interface Standing {
  readonly tuned: Tuned
  readonly scores: readonly (Score & { readonly story: string })[]
}

/** Labelled outcomes before the watch begins. */
const REFERENCE = 5000
const BEFORE = 2000

/** Recorded streams whose changes are known. */
export const RECORDED_STREAMS = ['sea', 'sine1'] as const satisfies readonly RecordedName[]

export function runOutcomeDelayCell(cell: OutcomeDelayCell): Standing {
  const competitor = COMPETITORS.find(({ name }) => name === cell.competitor)!
  const { quiet, stories } = streamsOf(cell)
  const tuned = tune(competitor, watchedBy(competitor, quiet), cell.falseAlarmEvery)
  const scores = [...stories].map(([story, episodes]) => ({
    story,
    ...score(tuned.strictness, watchedBy(competitor, episodes)),
  }))
  return { tuned, scores }
}

function watchedBy(competitor: Competitor, episodes: readonly Episode[]): Watched[] {
  return episodes.map(({ reference, watched, change }): Watched => {
    return (strictness) => {
      const watch = competitor.create(strictness, reference)
      let step = 0
      return { steps: watched.length, change, next: () => watch(watched[step++]!) }
    }
  })
}

interface Streams {
  readonly quiet: readonly Episode[]
  readonly stories: ReadonlyMap<string, readonly Episode[]>
}

/** The same for all detectors: drawn once a thread. */
function streamsOf(cell: OutcomeDelayCell): Streams {
  const { id, competitor, ...key } = cell
  const name = JSON.stringify(key)
  const known = drawn.get(name)
  if (known !== undefined) return known
  const streams = drawStreams(cell)
  drawn.clear()
  drawn.set(name, streams)
  return streams
}

const drawn = new Map<string, Streams>()

function drawStreams({ quietPlays, quietOutcomes, plays, seed, data }: OutcomeDelayCell): Streams {
  const seeds = (count: number) => Array.from({ length: count }, (_, number) => `${seed} ${number}`)
  const quiet = QUIET.flatMap((story) =>
    seeds(quietPlays).map((own) => play(story, own, REFERENCE, 0, quietOutcomes)),
  )
  const stories = new Map<string, readonly Episode[]>()
  for (const story of CHANGING) {
    stories.set(
      story.name,
      seeds(plays).map((own) => play(story, own, REFERENCE, BEFORE, story.delayMax)),
    )
  }
  for (const name of RECORDED_STREAMS) {
    const rows = recordedRows(name, data)
    if (rows === null) continue
    RECORDED[name].drifts.forEach((drift, change) => {
      const lengths = { reference: REFERENCE, before: BEFORE }
      stories.set(
        `recorded ${name}, row ${drift}`,
        seeds(plays).map((own) => recordedEpisode(rows, name, change, own, lengths)),
      )
    })
  }
  return { quiet, stories }
}
