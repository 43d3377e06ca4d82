import { kolmogorovSurvival } from '../../../src/statistics/ks-on-grid.ts'
import { type FeatureCompetitor, PANE_ROWS } from './competitor.ts'

/**
 * The two-sample Kolmogorov–Smirnov test of the field: the newest values of every feature against all of the
 * reference, raw values both, an alarm of any feature is one. It looks whenever ours does.
 * @param rows newest rows compared; nothing is said before there are so many
 */
export function twoWindowKs(rows: number): FeatureCompetitor {
  return {
    name: `ks ${rows}`,
    isRival: true,
    tuned: '1 / level of a test',
    from: 2,
    to: 1e6,
    prepare({ columns }) {
      const references = columns.map((column) => column.toSorted())
      const known = references[0]!.length
      const size = Math.sqrt((rows * known) / (rows + known))
      return (strictness) => {
        const windows = columns.map(() => new Float64Array(rows))
        let seen = 0
        return (row) => {
          for (let at = 0; at < windows.length; at++) windows[at]![seen % rows] = row[at]!
          seen += 1
          if (seen < rows || seen % PANE_ROWS > 0) return false
          const isAlarm = windows.some((window, at) => {
            const distance = distanceOf(window.toSorted(), references[at]!)
            return kolmogorovSurvival(size * distance) <= 1 / strictness
          })
          if (isAlarm) seen = 0
          return isAlarm
        }
      }
    },
  }
}

/** The largest distance of the distribution functions of two samples in rising order, in one walk along both. */
function distanceOf(window: Float64Array, reference: Float64Array): number {
  let i = 0
  let j = 0
  let distance = 0
  while (i < window.length && j < reference.length) {
    const x = Math.min(window[i]!, reference[j]!)
    while (i < window.length && window[i]! <= x) i++
    while (j < reference.length && reference[j]! <= x) j++
    distance = Math.max(distance, Math.abs(i / window.length - j / reference.length))
  }
  return distance
}
