import type { Tensor, ValueMetadata } from 'onnxruntime-web/wasm'
import type { HoldoutPrediction } from '../../../events/training-row.ts'
import type { OnnxSettings } from './settings.ts'

/** Which outputs hold the answers; null where the model has none such. */
export interface OutputPlan {
  readonly label: string | null
  readonly scores: string | null
}

const FLOATS: ReadonlySet<string | undefined> = new Set(['float32', 'float64'])

/** Single precision: a probability of one may come a little above it. */
const ROUNDING = 1e-5

/**
 * Says which outputs are read: those that the settings name, else the only one that can be meant. A regression's
 * numbers are its label; of a classifier the floats are scores, whole numbers or texts the label.
 * @throws Error, with the outputs there are, where none or several can be meant
 */
export function planOutputs(
  outputs: readonly ValueMetadata[],
  { task, outputs: given }: Pick<OnnxSettings, 'task' | 'outputs'>,
): OutputPlan {
  const there = outputs.map(({ name, type }) => `${name} (${type ?? 'no tensor'})`).join(', ')
  const named = (name: string | null): ValueMetadata | null => {
    if (name === null) return null
    const output = outputs.find((each) => each.name === name)
    if (output !== undefined) return output
    throw new Error(`expected the output ${name} of predictor.onnx.outputs, the model has ${there}`)
  }
  const only = (what: string, found: readonly ValueMetadata[]): ValueMetadata | null => {
    if (found.length <= 1) return found[0] ?? null
    throw new Error(
      `expected one output of ${what}, the model has ${there}: name it in predictor.onnx.outputs, or convert with zipmap=False`,
    )
  }
  const floats = outputs.filter(({ type }) => FLOATS.has(type))
  const others = outputs.filter(({ isTensor, type }) => isTensor && !FLOATS.has(type))
  const isClassifier = task !== 'regression'
  const label = named(given.label) ?? only('labels', isClassifier ? others : [...floats, ...others])
  const scores = isClassifier
    ? (named(given.scores) ??
      only(
        'scores',
        floats.filter((each) => each !== label),
      ))
    : null
  if (label === null && scores === null)
    throw new Error(`expected an output of labels or scores, the model has ${there}`)
  return { label: label?.name ?? null, scores: scores?.name ?? null }
}

/**
 * Predictions of some rows from what the model answered; a row without an id is not told. A classifier's label is what it says, else the class
 * of the highest score; a binary one's score is the probability of the positive label. A row whose answer is
 * no number has no prediction: a gate asks whether all are there.
 * @throws Error for answers of another form or number than rows, for scores that are no probabilities, and for
 *   classes that nobody has named
 */
export function readOutputs(
  ids: readonly (string | null)[],
  answers: Readonly<Record<string, Tensor>>,
  plan: OutputPlan,
  settings: Pick<OnnxSettings, 'task' | 'positiveLabel' | 'classes'>,
): HoldoutPrediction[] {
  const labels = plan.label === null ? null : labelsOf(answers[plan.label]!, plan.label, ids.length)
  if (settings.task === 'regression' || plan.scores === null) {
    return ids.flatMap((id, row) => {
      const prediction = labels![row]!
      return id !== null && isAnswer(prediction) ? [{ id, prediction }] : []
    })
  }
  const { rowOf, width } = scoresOf(answers[plan.scores]!, ids.length, plan.scores)
  const classes = classesFor(width, settings)
  const positive = settings.task === 'binary' ? positiveOf(classes, settings.positiveLabel) : -1
  return ids.flatMap((id, row) => {
    const said = rowOf(row)
    if (id === null || !said.every(Number.isFinite)) return []
    const odd = said.find((score) => score < -ROUNDING || score > 1 + ROUNDING)
    if (odd !== undefined) {
      throw new Error(`expected probabilities in the output ${plan.scores}, got ${odd} for ${id}`)
    }
    const scores = width === 1 ? classes.map((_, at) => (at === positive ? said[0]! : 1 - said[0]!)) : said
    const prediction = labels === null ? likeliest(scores, classes) : labels[row]!
    if (!classes.includes(String(prediction))) {
      throw new Error(
        `expected one of the classes ${classes.join(', ')} for ${id}, got ${prediction}: name them, in the order of the scores, in predictor.onnx.classes`,
      )
    }
    const score = scores[positive]
    return [{ id, prediction, ...(score !== undefined && { score: Math.min(1, Math.max(0, score)) }) }]
  })
}

function labelsOf({ data, dims }: Tensor, name: string, rows: number): (number | string)[] {
  expectRows(name, dims, rows)
  if (data.length !== rows)
    throw new Error(`expected one label a row in ${name}, got ${data.length} for ${rows} rows`)
  return Array.from(data as ArrayLike<number | bigint | string>, (label) =>
    typeof label === 'bigint' ? Number(label) : label,
  )
}

function scoresOf({ data, dims }: Tensor, rows: number, name: string) {
  expectRows(name, dims, rows)
  const width = data.length / rows
  const scores = Array.from(data as ArrayLike<number>)
  return { width, rowOf: (row: number) => scores.slice(row * width, (row + 1) * width) }
}

function expectRows(name: string, dims: readonly number[], rows: number): void {
  if (dims[0] === rows && dims.length <= 2) return
  throw new Error(`expected ${rows} rows in the output ${name}, got the shape ${dims.join(' x ')}`)
}

/** What the columns stand for; a single one is the probability of the positive label. */
function classesFor(
  width: number,
  { task, positiveLabel, classes }: Pick<OnnxSettings, 'task' | 'positiveLabel' | 'classes'>,
): readonly string[] {
  const columns = task === 'binary' && width === 1 ? 2 : width
  if (classes !== null && classes.length === columns) return classes
  const got = `the output of scores has ${width} columns`
  if (classes !== null) throw new Error(`expected scores of the classes ${classes.join(', ')}, ${got}`)
  if (columns === 2 && (positiveLabel === '1' || positiveLabel === '0')) return ['0', '1']
  throw new Error(
    `expected the names of the classes in predictor.onnx.classes, the artifact has none: ${got}`,
  )
}

function positiveOf(classes: readonly string[], positiveLabel: string): number {
  const column = classes.indexOf(positiveLabel)
  if (column !== -1) return column
  throw new Error(
    `expected the positive label ${positiveLabel} among the classes, which are ${classes.join(', ')}`,
  )
}

/** Of two that are as likely the later: half is enough for the positive label. */
function likeliest(scores: readonly number[], classes: readonly string[]): string {
  return classes[scores.lastIndexOf(Math.max(...scores))]!
}

function isAnswer(prediction: number | string): boolean {
  return typeof prediction === 'string' || Number.isFinite(prediction)
}
