import type { TimeRange } from '../../events/fields.ts'
import type { KnownChange } from '../known-changes.ts'
import { element, textElement } from './markup.ts'
import { linearScale, type Scale, timeTicks } from './scale.ts'
import { timeText } from './wording.ts'

/** All plots of a report share their left and right ends, so that a time stands under itself. */
const WIDTH = 960
export const LEFT = 120
export const RIGHT = 850
const TIMES_MOST = 9
const TIMES_TEXT = 18
/** About as wide as a letter of the plots' type. */
const LETTER = 6.4

export function timeScale({ fromMs, toMs }: TimeRange): Scale {
  return linearScale(fromMs, toMs, LEFT, RIGHT)
}

/** A picture with a title for those who do not see it. */
export function picture(height: number, title: string, ...children: readonly string[]): string {
  const box = `0 0 ${WIDTH} ${Math.ceil(height)}`
  return element('svg', { viewBox: box, role: 'img', 'aria-label': title }, ...children)
}

/** The calendar under a plot, with a line for each of its times. */
export function timeAxis(time: Scale, top: number, bottom: number): string {
  return timeTicks(time, TIMES_MOST)
    .map(({ value, text }) => {
      const x = time.at(value)
      return [
        element('line', { class: 'grid', x1: x, x2: x, y1: top, y2: bottom }),
        textElement('text', { x, y: bottom + TIMES_TEXT, 'text-anchor': 'middle' }, text),
      ].join('')
    })
    .join('')
}

/** Lines where something is known to have changed, named above where there is room. */
export function changeLines(
  time: Scale,
  changes: readonly KnownChange[],
  top: number,
  bottom: number,
  named: boolean,
): string {
  let free = Number.NEGATIVE_INFINITY
  return changes
    .filter(({ at }) => at >= time.from && at <= time.to)
    .toSorted((a, b) => a.at - b.at)
    .map(({ name, at }) => {
      const x = time.at(at)
      const line = element(
        'line',
        { class: 'known', x1: x, x2: x, y1: top, y2: bottom },
        textElement('title', {}, `${name}, ${timeText(at)}`),
      )
      const text = cut(name, 24)
      if (!named || x < free) return line
      free = x + LETTER * text.length + 8
      return line + textElement('text', { x: x + 3, y: top - 5 }, text)
    })
    .join('')
}

/** A name that fits; the whole one is in the tables. */
export function cut(name: string, characters: number): string {
  return name.length <= characters ? name : `${name.slice(0, characters - 1)}…`
}
