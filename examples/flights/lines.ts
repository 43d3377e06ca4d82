import { STREAM_END_MS, TRAINING_WEEKS, weekOf, weekStartMs } from './calendar.ts'
import { formatCount, formatMetric, formatTime, noPaint, type Paint, type Tone } from './paint.ts'
import type { WeekScore } from './scoreboard.ts'

type StoryKind = 'act' | 'note' | 'alarm' | 'resolved' | 'request' | 'training' | 'rejected' | 'promoted'

/** One thing worth reading, told once. */
export interface StoryLine {
  /** Event time, epoch ms; null where it has none. */
  readonly at: number | null
  readonly kind: StoryKind
  /** It would not have happened without a plant: the line says so. */
  readonly planted: boolean
  readonly text: string
}

export interface Progress {
  /** Event time, epoch ms. */
  readonly at: number
  readonly events: number
  readonly eventsPerSecond: number
  /** The version that serves. */
  readonly version: string
}

const tones: Readonly<Record<StoryKind, Tone>> = {
  act: 'bold',
  note: 'dim',
  alarm: 'red',
  resolved: 'green',
  request: 'cyan',
  training: 'cyan',
  rejected: 'yellow',
  promoted: 'green',
}

const KIND_WIDTH = 8
const TIME_WIDTH = 16
/** Short enough for the whole line to fit 80 columns. */
const BAR_WIDTH = 12

export function renderStoryLine(line: StoryLine, paint: Paint = noPaint): string {
  const time = line.at === null ? ''.padEnd(TIME_WIDTH) : formatTime(line.at)
  const planted = line.planted ? `${paint('yellow', '[planted]')} ` : ''
  return `${paint('dim', time)}  ${paint(tones[line.kind], line.kind.padEnd(KIND_WIDTH))}  ${planted}${line.text}`
}

/** A bar over the weeks that are played, and where the stream stands. */
export function renderProgress(progress: Progress, paint: Paint = noPaint): string {
  const from = weekStartMs(TRAINING_WEEKS + 1)
  const share = Math.min(Math.max((progress.at - from) / (STREAM_END_MS - from), 0), 1)
  const full = Math.round(share * BAR_WIDTH)
  const bar = paint('cyan', '█'.repeat(full)) + paint('dim', '░'.repeat(BAR_WIDTH - full))
  return [
    bar,
    formatTime(progress.at),
    `week ${weekOf(progress.at)}`,
    `version ${progress.version}`,
    `${formatCount(progress.events)} events`,
    `${formatCount(progress.eventsPerSecond)}/s`,
  ].join('  ')
}

/** A week in one line, for output that is not a terminal. Labels still to come are not in it. */
export function renderWeek(score: WeekScore, progress: Progress): string {
  const old =
    score.oldModelAuc === null
      ? ''
      : `  (old model: log-loss ${formatMetric(score.oldModelLogLoss)}, AUC ${formatMetric(score.oldModelAuc)})`
  return (
    `${formatTime(progress.at)}  ${`week ${score.week}`.padEnd(KIND_WIDTH)}  ` +
    `log-loss ${formatMetric(score.logLoss)}, AUC ${formatMetric(score.auc)}, ` +
    `${(100 * score.lateShare).toFixed(1)} % late${old}, ${formatCount(progress.events)} events so far`
  )
}
