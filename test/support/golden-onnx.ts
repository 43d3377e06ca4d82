import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { trainingRow } from '../../src/events/training-row.ts'
import type { OnnxSettings } from '../../src/retraining/trainers/onnx/settings.ts'

/** Where the models lie that `test/golden/onnx-models.py` has made. */
export const ONNX_DIRECTORY = fileURLToPath(new URL('../golden/onnx-models', import.meta.url))

const goldenFile = z.object({
  cases: z.array(
    z.object({
      name: z.string(),
      task: z.enum(['binary', 'multiclass', 'regression']),
      positiveLabel: z.string(),
      rows: z.array(trainingRow),
      /** What onnxruntime says in Python; null: not a number. */
      predictions: z.array(
        z.object({
          id: z.string(),
          prediction: z.union([z.string(), z.number()]).nullable(),
          score: z.number().nullable().optional(),
        }),
      ),
    }),
  ),
})

export const ONNX_CASES = goldenFile.parse(
  JSON.parse(readFileSync(new URL('../golden/onnx-models.json', import.meta.url), 'utf8')),
).cases

/** The settings that a configuration with `onnx: {}` comes to. */
export function onnxSettingsOf(name: string): OnnxSettings {
  const { task, positiveLabel, rows } = ONNX_CASES.find((each) => each.name === name)!
  return {
    task,
    positiveLabel,
    features: Object.keys(rows[0]!.features),
    categorical: ['color'],
    directory: ONNX_DIRECTORY,
    file: null,
    inputs: null,
    outputs: { label: null, scores: null },
    classes: null,
  }
}
