import { type ReportLine, reportLine } from '../report-line.ts'
import type { Check, CheckSettings } from './check.ts'
import { COMPETITORS, type Competitor, PANE } from './delay/competitors.ts'
import { CHANGING, type Episode, play, QUIET, type Story } from './delay/episodes.ts'
import { recordedEpisodes } from './delay/recorded-episodes.ts'
import { type Score, score } from './delay/score.ts'
import { type Tuned, tune } from './delay/tune.ts'

/** Outcomes between false alarms that every detector is tuned to, how long and how often streams are played. */
interface Size {
  readonly falseAlarmEvery: number
  readonly quietPlays: number
  readonly quietOutcomes: number
  readonly plays: number
}

const QUICK: Size = { falseAlarmEvery: 10_000, quietPlays: 8, quietOutcomes: 20_000, plays: 10 }
const FULL: Size = { falseAlarmEvery: 20_000, quietPlays: 40, quietOutcomes: 60_000, plays: 100 }

const REFERENCE = 5000
const BEFORE = 2000

/** Those that must be beaten. The others are printed beside them. */
const RIVALS = ['adwin', 'kswin', 'page-hinkley', 'ddm', 'hddm-a', 'hddm-w']
const OURS = 'driftstream'

/** Recorded streams whose changes are known. They are scored, a handful of changes each, and not judged. */
const RECORDED_STREAMS = ['sea', 'sine1'] as const

interface Standing {
  readonly competitor: Competitor
  readonly tuned: Tuned
  readonly scores: ReadonlyMap<string, Score>
  readonly recorded: ReadonlyMap<string, Score>
}

/**
 * Delay at equal mean time between false alarms, on the 0/1 errors of fixed models.
 *
 * Each detector's one number is tuned by bisection on quiet streams (hyperplane, RBF, LED), all to the same
 * mean time, and then scored on other streams (SEA, Sine, STAGGER, Agrawal), where a story's first alarm
 * after the change counts if it comes in time. All see the same outcomes, reference included; ours see them
 * a pane of 20 at a time.
 */
export const delayCheck: Check = {
  id: 'delay',
  claim: 'lower mean delay than the detectors of the field at equal mean time between false alarms',
  run(settings) {
    const size = settings.quick ? QUICK : FULL
    const quiet = QUIET.flatMap((story) => playAll(story, size.quietPlays, 0, size.quietOutcomes))
    settings.say(`delay: ${quiet.length} quiet streams of ${size.quietOutcomes} outcomes to tune on`)
    const stories = CHANGING.map((story) => ({
      story,
      episodes: playAll(story, size.plays, BEFORE, story.delayMax),
    }))
    const recorded = readAllRecorded(settings)
    const standings = COMPETITORS.map((competitor) =>
      stand(competitor, { quiet, stories, recorded }, size, settings),
    )
    return { lines: linesOf(standings), details: { size, pane: PANE, detectors: standings.map(detailsOf) } }
  },
}

function playAll(story: Story, plays: number, before: number, after: number): Episode[] {
  return Array.from({ length: plays }, (_, number) => play(story, `${number}`, REFERENCE, before, after))
}

function readAllRecorded({ data, say }: CheckSettings): ReadonlyMap<string, readonly Episode[]> {
  const found = new Map<string, readonly Episode[]>()
  for (const name of RECORDED_STREAMS) {
    const episodes = recordedEpisodes(name, data)
    if (episodes === null) {
      say(`delay: SKIPPED the recorded stream ${name}: not in ${data ?? 'a folder given by --data'}`)
    } else found.set(`recorded ${name}`, episodes)
  }
  return found
}

interface Streams {
  readonly quiet: readonly Episode[]
  readonly stories: readonly { story: Story; episodes: readonly Episode[] }[]
  readonly recorded: ReadonlyMap<string, readonly Episode[]>
}

function stand(
  competitor: Competitor,
  { quiet, stories, recorded }: Streams,
  size: Size,
  { say }: CheckSettings,
): Standing {
  const tuned = tune(competitor, quiet, size.falseAlarmEvery)
  const scores = new Map(
    stories.map(({ story, episodes }) => [story.name, score(competitor, tuned.strictness, episodes)]),
  )
  const recordedScores = new Map(
    [...recorded].map(([name, episodes]) => [name, score(competitor, tuned.strictness, episodes)]),
  )
  const standing = { competitor, tuned, scores, recorded: recordedScores }
  const every = Math.round(tuned.falseAlarmEvery)
  say(
    `delay: ${competitor.name}, ${competitor.tuned} ${tuned.strictness.toPrecision(3)}: one false alarm in ${every}, delay ${Math.round(meanDelay(standing))}, missed ${missedShare(standing).toFixed(3)}`,
  )
  for (const [name, { delay, missed }] of [...scores, ...recordedScores]) {
    say(`  ${name.padEnd(28)} ${delay.toFixed(0).padStart(6)} ${missed === 0 ? '' : `missed ${missed}`}`)
  }
  return standing
}

/** Mean over the stories, each of the same weight. */
function meanDelay({ scores }: Standing): number {
  return mean([...scores.values()].map(({ delay }) => delay))
}

function missedShare({ scores }: Standing): number {
  return mean([...scores.values()].map(({ missed }) => missed))
}

function linesOf(standings: readonly Standing[]): ReportLine[] {
  const ours = standings.find(({ competitor }) => competitor.name === OURS)!
  const lines = standings.map((standing) =>
    reportLine({
      id: `delay-${standing.competitor.name.replace(' ', '-')}`,
      measure: 'mean delay',
      value: meanDelay(standing),
      unit: 'outcomes',
      goal: null,
    }),
  )
  for (const rival of RIVALS) {
    const standing = standings.find(({ competitor }) => competitor.name === rival)!
    lines.push(
      reportLine({
        id: `delay-over-${rival}`,
        measure: `mean delay over that of ${rival}`,
        value: meanDelay(ours) / meanDelay(standing),
        unit: 'ratio',
        goal: '< 1',
      }),
    )
  }
  lines.push(
    reportLine({
      id: 'delay-missed',
      measure: 'changes missed',
      value: missedShare(ours),
      unit: 'share',
      goal: '<= 0.05',
    }),
  )
  return lines
}

function detailsOf({ competitor, tuned, scores, recorded }: Standing): unknown {
  const all = [...scores.values()]
  return {
    name: competitor.name,
    tuned: { what: competitor.tuned, ...tuned },
    falseAlarmEveryWhereScored:
      all.reduce((sum, { quietOutcomes }) => sum + quietOutcomes, 0) /
      Math.max(
        0.5,
        all.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0),
      ),
    scores: Object.fromEntries(scores),
    recorded: Object.fromEntries(recorded),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
