import { z } from 'zod'
import type { PredictorOptions } from '../retraining/trainers/predictor.ts'
import { TRAINER_TIME_LIMIT_MS } from './defaults.ts'
import { duration, list, named, text, wordOrNumber } from './scalars.ts'

const outputName = () => text('the name of an output of the model').nullish()

/** `onnx: {}` is enough for a model that takes all features as one matrix, or each by its name. */
const onnx = z.strictObject(
  {
    file: text('a path within the artifact').nullish(),
    inputs: named(
      {
        expected: 'lists of features by the name of an input',
        expectedName: 'the name of an input of the model',
        accepts: (name) => name !== '',
        min: 1,
      },
      list('a list of features, in the order of the columns', text('the name of a feature')),
    ).optional(),
    outputs: z
      .strictObject({ label: outputName(), scores: outputName() }, { error: 'a section of label, scores' })
      .nullish(),
    classes: list('a list of classes, in the order of the scores', wordOrNumber('a class')).optional(),
  },
  { error: 'a section of file, inputs, outputs, classes; {} where none is needed' },
)

/** Who predicts in the trainer's place: the cross checks hold it to one kind. */
export const predictorSchema = z
  .strictObject(
    {
      command: list('a list: the program and its arguments', wordOrNumber('text')).optional(),
      url: text('an http or https address', (raw) =>
        /^https?:$/.test(URL.parse(raw)?.protocol ?? ''),
      ).optional(),
      onnx: onnx.nullish(),
      timeLimit: duration().default(TRAINER_TIME_LIMIT_MS),
    },
    { error: 'a section of command, url, onnx, timeLimit' },
  )
  .nullish()

/** What a predictor that reads the model's file has to know of the model. */
interface PredictedModel {
  readonly task: 'binary' | 'multiclass' | 'regression'
  readonly positiveLabel: string
  readonly features: ReadonlyMap<string, { readonly type: 'numeric' | 'categorical' }>
  /** Where the trainer's relative paths count from; null: where driftstream was started. */
  readonly directory: string | null
}

/** From the file's words to the options of the rooms. */
export function toPredictor(
  entry: NonNullable<z.infer<typeof predictorSchema>>,
  { task, positiveLabel, features, directory }: PredictedModel,
): PredictorOptions {
  const { command, url, onnx: given, timeLimit: timeLimitMs } = entry
  if (given == null) {
    return url === undefined
      ? { kind: 'command', command: command ?? [], timeLimitMs }
      : { kind: 'http', url, timeLimitMs }
  }
  const settings = {
    task,
    positiveLabel,
    features: [...features.keys()],
    categorical: [...features].filter(([, { type }]) => type === 'categorical').map(([name]) => name),
    directory: directory ?? '.',
    file: given.file ?? null,
    inputs: given.inputs === undefined ? null : [...given.inputs],
    outputs: { label: given.outputs?.label ?? null, scores: given.outputs?.scores ?? null },
    classes: given.classes ?? null,
  }
  return { kind: 'onnx', settings, timeLimitMs }
}
