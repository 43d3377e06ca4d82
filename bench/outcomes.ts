import { ByteWriter } from '../src/sketches/byte-writer.ts'
import { createCategoryDictionary } from '../src/sketches/category-dictionary.ts'
import { writeOutcomes } from '../src/sketches/outcome-codec.ts'
import { OUTCOME_CELLS, OUTCOME_SUMS } from '../src/sketches/outcome-layout.ts'
import {
  addOutcome,
  addScore,
  createPerformanceCounts,
  mergePerformanceCounts,
  type Outcome,
} from '../src/sketches/performance-counts.ts'
import type { Task } from '../src/sketches/types.ts'
import { createRandom } from '../src/statistics/random.ts'
import { type ReportLine, report, reportLine } from './report-line.ts'

/** What counting an outcome costs, and what the counts of a pane weigh: node bench/outcomes.ts */

const ROWS = 65_536
const REPEATS = 40
/** Outcomes of an ordinary pane. */
const PANE_ROWS = 2000

const random = createRandom('outcomes')
const classes = createCategoryDictionary(['a', 'b', 'c', 'd'])

const samples: Record<Task, () => Outcome> = {
  binary() {
    const score = random()
    return { prediction: score > 0.5 ? 1 : 0, score, label: random() < score ? 1 : 0, positiveLabel: '1' }
  },
  multiclass() {
    const weights = classes.categories.map(() => random())
    const sum = weights.reduce((total, weight) => total + weight, 0)
    const score = Object.fromEntries(classes.categories.map((name, at) => [name, weights[at]! / sum]))
    const prediction = classes.categories[weights.indexOf(Math.max(...weights))]!
    return {
      prediction,
      score,
      label: classes.categories[Math.floor(4 * random())]!,
      positiveLabel: '',
      classes,
    }
  },
  regression() {
    const label = 100 * random()
    return { prediction: label + 6 * (random() - 0.5), score: undefined, label, positiveLabel: '' }
  },
}

function measured(task: Task): ReportLine[] {
  const rows = Array.from({ length: ROWS }, samples[task])
  const counts = createPerformanceCounts(task)
  const outcomeNs = fastest(rows, (row) => addOutcome(counts, row))
  const scoreNs = fastest(rows, (row) => addScore(counts, row))

  const pane = createPerformanceCounts(task)
  for (const row of rows.slice(0, PANE_ROWS)) {
    addScore(pane, row)
    addOutcome(pane, row)
  }
  const writer = new ByteWriter()
  writeOutcomes(writer, pane)
  const bytes = [...OUTCOME_CELLS, ...OUTCOME_SUMS].reduce((sum, name) => sum + pane[name].byteLength, 0)
  const mergeNs = fastest(Array<null>(256).fill(null), () => mergePerformanceCounts(counts, pane))
  const goal = task === 'binary' ? '<= 60' : null
  const line = (id: string, measure: string, value: number, unit: string, asked: string | null = null) =>
    reportLine({ id: `outcomes.${task}.${id}`, measure: `${task}: ${measure}`, value, unit, goal: asked })
  return [
    line('add', 'a labelled prediction', round(outcomeNs), 'ns', goal),
    line('score', 'the score of a prediction', round(scoreNs), 'ns'),
    line('merge', 'merging a pane', round(mergeNs / 1000), 'µs'),
    line('memory', 'a pane in memory', bytes, 'bytes'),
    line('wire', `a pane of ${PANE_ROWS} outcomes in a delta`, writer.length, 'bytes'),
  ]
}

/** Nanoseconds a row in the fastest of many passes. */
function fastest<Row>(rows: readonly Row[], take: (row: Row) => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const startedAt = process.hrtime.bigint()
    for (const row of rows) take(row)
    best = Math.min(best, Number(process.hrtime.bigint() - startedAt) / rows.length)
  }
  return best
}

function round(value: number): number {
  return Math.round(10 * value) / 10
}

const tasks: readonly Task[] = ['binary', 'multiclass', 'regression']
process.exitCode = report(tasks.flatMap(measured)) ? 0 : 1
