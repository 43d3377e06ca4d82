import { readFileSync } from 'node:fs'
import { createCategoryDictionary } from '../../src/sketches/category-dictionary.ts'
import { addOutcome, createPerformanceCounts } from '../../src/sketches/performance-counts.ts'
import type { PerformanceCounts } from '../../src/sketches/types.ts'

/** One sample of test/golden/metrics.json, and what scikit-learn says of it. */
interface GoldenMetrics {
  readonly name: string
  readonly classes?: readonly string[]
  readonly scores?: readonly (number | readonly number[])[]
  readonly predictions?: readonly (number | string)[]
  readonly labels: readonly (number | string)[]
  readonly expected: Readonly<Record<string, number>>
}

type GoldenTask = 'binary' | 'multiclass' | 'regression'

const golden: Record<GoldenTask, readonly GoldenMetrics[]> = JSON.parse(
  readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8'),
)

/** The samples of a task, each as it is counted. */
export function goldenMetrics(
  task: GoldenTask,
): { name: string; counts: PerformanceCounts; expected: Readonly<Record<string, number>> }[] {
  return golden[task].map((sample) => ({
    name: sample.name,
    counts: counted(task, sample),
    expected: sample.expected,
  }))
}

function counted(task: GoldenTask, sample: GoldenMetrics): PerformanceCounts {
  const counts = createPerformanceCounts(task)
  const classes = sample.classes === undefined ? null : createCategoryDictionary(sample.classes)
  sample.labels.forEach((label, row) => {
    const score = scoreOf(sample, row)
    const prediction = sample.predictions?.[row] ?? (typeof score === 'number' && score >= 0.5 ? 1 : 0)
    addOutcome(counts, { prediction, score, label, positiveLabel: '1', classes })
  })
  return counts
}

function scoreOf(
  { classes, scores }: GoldenMetrics,
  row: number,
): number | Record<string, number> | undefined {
  const score = scores?.[row]
  if (score === undefined || typeof score === 'number') return score
  return Object.fromEntries(classes!.map((name, at) => [name, score[at]!]))
}
