import { watchedModel } from '../../bench/accuracy/budget/watched-model.ts'
import type { DetectionOptions } from '../../src/detectors/options.ts'

const HOUR_MS = 3_600_000

/** A model of numeric features that every hour judges by itself, labels complete at once. */
export function hourlyModel(features: readonly string[], detection: DetectionOptions) {
  return watchedModel({
    features: new Map(features.map((name) => [name, 'numeric'] as const)),
    windows: {
      qualityMs: HOUR_MS,
      dataMs: HOUR_MS,
      performanceMs: HOUR_MS,
      longestMs: HOUR_MS,
      labelDelayMs: 0,
    },
    falseRetrains: 1,
    perMs: 90 * 24 * HOUR_MS,
    detection,
  })
}
