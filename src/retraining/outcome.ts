import type { Task } from '../sketches/types.ts'

/** What a model is asked to tell, and of the two answers of a binary one, which is the positive. */
export interface Problem {
  readonly task: Task
  /** binary: the label (as text) that counts as positive. */
  readonly positiveLabel: string
}

export type Label = number | string | boolean

/** What one model said of one event. */
export interface Outcome {
  readonly prediction: Label
  /** Probability of the positive class, or one probability a class; null where the model gives none. */
  readonly score: number | Readonly<Record<string, number>> | null
}

/** What one model said of one event, and what turned out to be true. */
export interface JudgedOutcome {
  readonly label: Label
  readonly outcome: Outcome
}

/** Labels are compared as text: `1`, `"1"` and their like come from different encodings of one stream. */
export function isPositive(problem: Problem, label: Label): boolean {
  return String(label) === problem.positiveLabel
}

/** The score of the positive class of a binary model; null where there is no finite one. */
export function positiveScore(problem: Problem, { score }: Outcome): number | null {
  if (problem.task !== 'binary' || score === null) return null
  if (typeof score === 'number') return Number.isFinite(score) ? score : null
  if (!Object.hasOwn(score, problem.positiveLabel)) return null
  const own = score[problem.positiveLabel]
  return own !== undefined && Number.isFinite(own) ? own : null
}
