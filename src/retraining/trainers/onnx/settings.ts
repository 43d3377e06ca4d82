import { z } from 'zod'

/** What the process that predicts is told of the model; everything else stands in the artifact. */
export const onnxSettings = z.object({
  task: z.enum(['binary', 'multiclass', 'regression']),
  positiveLabel: z.string(),
  /** The model's features in the order of the configuration. */
  features: z.array(z.string()),
  /** Those of them that are categories: a text of theirs is no number gone wrong. */
  categorical: z.array(z.string()),
  /** Where relative artifacts count from. */
  directory: z.string(),
  /** Path within an artifact that is a directory; null: the artifact is the file. */
  file: z.string().nullable(),
  /** Which features each input takes, in order; null: by the input's name, or all of them for an only input. */
  inputs: z.array(z.tuple([z.string(), z.array(z.string())])).nullable(),
  /** Names of the outputs; null: the only one that can be meant. */
  outputs: z.object({ label: z.string().nullable(), scores: z.string().nullable() }),
  /** What the columns of the scores stand for; null: as the artifact says. */
  classes: z.array(z.string()).nullable(),
})
export type OnnxSettings = z.infer<typeof onnxSettings>
