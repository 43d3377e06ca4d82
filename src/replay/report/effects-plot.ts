import type { TimeRange } from '../../events/fields.ts'
import type { FeatureEffect } from '../feature-effects.ts'
import { cut, LEFT, picture, RIGHT, timeAxis, timeScale } from './frame.ts'
import { element, textElement } from './markup.ts'
import { numberText, timeText } from './wording.ts'

const TOP = 6
const ROW = 24
const CELL = 16
/** An index from which hardly anything can grow darker: half of what is commonly called a large shift, twice. */
const DARK_FROM = 0.5
const OPACITY_MIN = 0.04

/** The features that moved most, a row each: the darker, the further from the reference. */
export function effectsPlot(effects: readonly FeatureEffect[], range: TimeRange): string {
  if (effects.length === 0) return ''
  const time = timeScale(range)
  const bottom = TOP + ROW * effects.length
  const darkest = Math.max(DARK_FROM, ...effects.map(({ largest }) => largest))
  const rows = effects.map(({ feature, stretches, largest }, index) => {
    const y = TOP + ROW * index
    const cells = stretches.map(({ fromMs, toMs, value }) => {
      const x = time.at(Math.max(fromMs, time.from))
      const end = time.at(Math.min(toMs, time.to))
      if (end <= x) return ''
      // By the root: small moves are those that have to be told apart.
      const opacity = Math.max(OPACITY_MIN, Math.sqrt(Math.max(0, value) / darkest))
      return element(
        'rect',
        { class: 'heat', x, y, width: end - x, height: CELL, 'fill-opacity': opacity.toFixed(2) },
        textElement('title', {}, `${feature}, ${timeText(fromMs)}: PSI ${numberText(value)}`),
      )
    })
    return [
      element('rect', { class: 'empty', x: LEFT, y, width: RIGHT - LEFT, height: CELL }),
      textElement(
        'text',
        { class: 'strong', x: LEFT - 8, y: y + 12, 'text-anchor': 'end' },
        cut(feature, 17),
      ),
      textElement('text', { x: RIGHT + 6, y: y + 12 }, `at most ${numberText(largest)}`),
      ...cells,
    ].join('')
  })
  return picture(bottom + 24, 'shift of the features over time', timeAxis(time, TOP, bottom), ...rows)
}
