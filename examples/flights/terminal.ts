import { styleText } from 'node:util'
import { createLogUpdate } from 'log-update'
import { STREAM_END_MS, TRAINING_WEEKS, weekOf } from './calendar.ts'
import { type ChartMark, renderChart } from './chart.ts'
import { type Progress, renderProgress, renderStoryLine, renderWeek, type StoryLine } from './lines.ts'
import type { Paint } from './paint.ts'
import type { WeekScore } from './scoreboard.ts'
import type { DemoSummary } from './story.ts'
import { renderSummary } from './tables.ts'

export interface Frame {
  readonly progress: Progress
  readonly weeks: readonly WeekScore[]
  readonly marks: readonly ChartMark[]
}

/** Where the demo tells its story. Nothing here decides anything: it writes what it is given. */
export interface Display {
  /** Something worth reading, once. */
  tell(line: StoryLine): void
  /** Where the stream stands. Call it as often as convenient: `frame` is asked for only when it is drawn. */
  show(at: number, frame: () => Frame): void
  /** The end of the story: the last frame, the tables, and with `--json` the summary. */
  finish(summary: DemoSummary, frame: Frame): void
  /** Gives the terminal back as it was; the way out when the story breaks off. */
  close(): void
}

/** As much of a writable stream as a display needs. */
type TerminalStream = NodeJS.WritableStream & { readonly isTTY?: boolean }

export interface DisplayOptions {
  /** Lines go to `stderr` and the summary, one JSON object, to `stdout`. */
  readonly json: boolean
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
}

/** Moves on a terminal; anywhere else, and with `json`, it writes plain lines. */
export function openDisplay({ json, stdout, stderr }: DisplayOptions): Display {
  if (json) return plainDisplay(stderr, stdout)
  if (stdout.isTTY === true && process.env.TERM !== 'dumb') return liveDisplay(stdout)
  return plainDisplay(stdout, null)
}

const FIRST_WEEK = TRAINING_WEEKS + 1
const LAST_WEEK = weekOf(STREAM_END_MS - 1)
const FRAME_INTERVAL_MS = 100

function liveDisplay(stream: TerminalStream): Display {
  // styleText reads NO_COLOR and what the stream can do.
  const paint: Paint = (tone, text) => styleText(tone, text, { stream })
  const update = createLogUpdate(stream)
  let drawnAt = -Infinity
  let last = ''
  const draw = ({ progress, weeks, marks }: Frame): void => {
    const chart = renderChart(weeks, marks, FIRST_WEEK, LAST_WEEK, paint)
    last = ['', renderProgress(progress, paint), '', ...chart].join('\n')
    update(last)
    drawnAt = performance.now()
  }
  return {
    tell(line) {
      update.persist(renderStoryLine(line, paint))
      if (last !== '') update(last)
    },
    show(_, frame) {
      if (performance.now() - drawnAt >= FRAME_INTERVAL_MS) draw(frame())
    },
    finish(summary, frame) {
      draw(frame)
      update.done()
      writeLines(stream, renderSummary(summary, paint))
    },
    close: () => update.done(),
  }
}

function plainDisplay(stream: TerminalStream, summaryStream: TerminalStream | null): Display {
  let week = FIRST_WEEK
  return {
    tell: (line) => writeLines(stream, [renderStoryLine(line)]),
    show(at, frame) {
      if (weekOf(at) <= week) return
      const { weeks, progress } = frame()
      const over = weeks.filter((score) => score.week >= week && score.week < weekOf(at))
      writeLines(
        stream,
        over.map((score) => renderWeek(score, progress)),
      )
      week = weekOf(at)
    },
    finish(summary, frame) {
      const rest = frame.weeks.filter((score) => score.week >= week)
      writeLines(
        stream,
        rest.map((score) => renderWeek(score, frame.progress)),
      )
      writeLines(stream, ['', ...renderChart(frame.weeks, frame.marks, FIRST_WEEK, LAST_WEEK)])
      writeLines(stream, renderSummary(summary))
      summaryStream?.write(`${JSON.stringify(summary)}\n`)
    },
    close() {},
  }
}

function writeLines(stream: TerminalStream, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(`${lines.join('\n')}\n`)
}
