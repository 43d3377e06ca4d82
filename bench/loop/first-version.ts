import type { ConfiguredModel } from '../../src/config/options.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { Reference } from '../../src/sketches/types.ts'
import type { Learned } from './learn.ts'
import { learnedRows, type World } from './world.ts'

/** The version that serves first, and what is normal for it: as a retrain would have left them. */
export function firstVersion(
  { past, learn }: World,
  model: ConfiguredModel,
): { readonly learned: Learned; readonly reference: Reference } {
  const train = past.slice(0, learnedRows(past))
  const learned = learn(train)
  const reference = buildReference({
    model: model.name,
    version: model.version,
    createdAt: past.at(-1)!.at,
    task: model.task,
    positiveLabel: model.positiveLabel,
    features: new Map([...model.features].map(([name, { type }]) => [name, type] as const)),
    windowMs: model.windows.dataMs,
    *rows() {
      for (const [index, { at, features, label }] of past.entries()) {
        if (index < train.length) {
          yield { at, features }
          continue
        }
        const score = learned(features)
        yield { at, features, label, score, prediction: score >= 0.5 ? 1 : 0 }
      }
    },
  })
  return { learned, reference }
}
