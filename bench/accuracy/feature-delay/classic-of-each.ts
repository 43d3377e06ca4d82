import {
  type ClassicName,
  type ClassicOptions,
  startClassic,
  updateClassic,
} from '../../../src/detectors/classics/index.ts'
import { seenBefore } from '../delay/kswin-dial.ts'
import type { FeatureCompetitor } from './competitor.ts'

/**
 * A detector of the field on the raw values of every feature, an alarm of any is one. Values are given in
 * standard deviations from the reference's mean, as those do who set one threshold for many features. All
 * see the reference first, value by value.
 */
export function classicOfEach<Name extends ClassicName>(
  name: Name,
  tuned: string,
  from: number,
  to: number,
  options: (strictness: number) => ClassicOptions[Name],
): FeatureCompetitor {
  return {
    name,
    isRival: true,
    tuned,
    from,
    to,
    prepare({ columns }) {
      const scales = columns.map(scaleOf)
      return (strictness) => {
        const detectors = columns.map((_, at) => startClassic(name, options(strictness), `${name} ${at}`))
        columns.forEach((column, at) => {
          const { mean, sd } = scales[at]!
          for (const value of seenBefore(name, column)) updateClassic(detectors[at]!, (value - mean) / sd)
        })
        return (row) => {
          let isAlarm = false
          for (let at = 0; at < detectors.length; at++) {
            const { mean, sd } = scales[at]!
            if (updateClassic(detectors[at]!, (row[at]! - mean) / sd).drift) isAlarm = true
          }
          return isAlarm
        }
      }
    },
  }
}

function scaleOf(column: Float64Array): { mean: number; sd: number } {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length
  const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / column.length) || 1 }
}
