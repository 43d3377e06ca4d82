import type { TimeRange } from '../../events/fields.ts'
import type { ModelCourse } from '../course.ts'
import type { KnownChange } from '../known-changes.ts'
import { episodesOf } from './episodes.ts'
import { changeLines, cut, LEFT, picture, RIGHT, timeAxis, timeScale } from './frame.ts'
import { element, rounded, textElement } from './markup.ts'
import { linearScale, numberTicks, type Scale } from './scale.ts'
import { COLOURS } from './style.ts'
import { numberText, timeText } from './wording.ts'

const TOP = 30
const BOTTOM = 250
const HEIGHT = 280
const LABEL_GAP = 14
const EDGE = 0.06

/** One course of a model, by the names of the policies that took it. */
export interface NamedCourse {
  readonly name: string
  readonly course: ModelCourse
}

/**
 * The metric over time, one line a course with its name at its end, the first reference's value, and what is
 * known to have changed. Where there is one course alone, its episodes lie behind it as bands.
 */
export function metricPlot(
  courses: readonly NamedCourse[],
  range: TimeRange,
  changes: readonly KnownChange[],
): string {
  const time = timeScale(range)
  const reference = courses[0]?.course.references[0] ?? null
  const shown = courses.flatMap(({ course }) => course.measured.flatMap(({ value }) => value ?? []))
  if (shown.length === 0) return ''
  const all = reference?.metric == null ? shown : [...shown, reference.metric]
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const edge = (high - low || Math.abs(high) || 1) * EDGE
  const values = linearScale(low - edge, high + edge, BOTTOM, TOP)
  const metric = courses[0]!.course.metric
  return picture(
    HEIGHT,
    `${metric} over time`,
    valueAxis(values),
    timeAxis(time, TOP, BOTTOM),
    courses.length === 1 ? bands(courses[0]!.course, time, range) : '',
    reference?.metric == null
      ? ''
      : referenceLine(
          reference.metric,
          values,
          time.at(Math.max(reference.since ?? range.fromMs, range.fromMs)),
        ),
    ...courses.map(({ course }, index) => line(course, index, time, values)),
    endLabels(courses, reference?.metric ?? null, values),
    changeLines(time, changes, TOP, BOTTOM, true),
  )
}

function valueAxis(values: Scale): string {
  return numberTicks(values, 5)
    .map(({ value, text }) => {
      const y = values.at(value)
      return [
        element('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: y, y2: y }),
        textElement('text', { x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, text),
      ].join('')
    })
    .join('')
}

function bands(course: ModelCourse, time: Scale, range: TimeRange): string {
  return episodesOf(course.drift, range.toMs)
    .map(({ concern, fromMs, toMs, summary }) => {
      const x = time.at(Math.max(fromMs, time.from))
      const width = Math.max(1, time.at(toMs) - x)
      return element(
        'rect',
        { class: `band ${concern}`, x, y: TOP, width, height: BOTTOM - TOP },
        textElement('title', {}, `${concern} episode from ${timeText(fromMs)}: ${summary}`),
      )
    })
    .join('')
}

/** From where on it was judged by; before that the reference was being learned. */
function referenceLine(value: number, values: Scale, from: number): string {
  const y = values.at(value)
  return element('line', { class: 'reference', x1: from, x2: RIGHT, y1: y, y2: y })
}

/** One path a version: where another serves the line begins anew, and a dot says which. */
function line({ measured }: ModelCourse, index: number, time: Scale, values: Scale): string {
  const versions = [...new Set(measured.map(({ version }) => version))]
  return versions
    .map((version, at) => {
      const own = measured.filter((stretch) => stretch.version === version && stretch.value !== null)
      const points = own.map(({ fromMs, toMs, value }) => {
        const middle = Math.min(Math.max((fromMs + toMs) / 2, time.from), time.to)
        return { x: time.at(middle), y: values.at(value!) }
      })
      const first = points[0]
      if (first === undefined) return ''
      const d = points
        .map(({ x, y }, point) => `${point === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`)
        .join('')
      const colour = index % COLOURS
      const path = element('path', { class: `measure s${colour}`, d: points.length === 1 ? `${d}h0.1` : d })
      if (at === 0) return path
      const dot = element(
        'circle',
        { class: `mark f${colour}`, cx: first.x, cy: first.y, r: 3.5 },
        textElement('title', {}, `version ${version} from ${timeText(own[0]!.fromMs)}`),
      )
      return (
        path +
        dot +
        textElement('text', { class: `f${colour}`, x: first.x + 5, y: first.y - 6 }, `v${cut(version, 10)}`)
      )
    })
    .join('')
}

/** Names at the ends of their lines, pushed apart where they would lie on one another. */
function endLabels(courses: readonly NamedCourse[], reference: number | null, values: Scale): string {
  const ends = courses.flatMap(({ name, course }, index) => {
    const last = course.measured.findLast(({ value }) => value !== null)
    if (last === undefined || courses.length === 1) return []
    return [{ text: cut(name, 15), class: `f${index % COLOURS}`, order: index, y: values.at(last.value!) }]
  })
  const known = { text: `reference ${numberText(reference)}`, class: 'soft', order: -1 }
  const all = reference === null ? ends : [{ ...known, y: values.at(reference) }, ...ends]
  let free = Number.NEGATIVE_INFINITY
  return all
    .sort((a, b) => a.y - b.y || a.order - b.order)
    .map((label) => {
      const y = Math.max(label.y, free)
      free = y + LABEL_GAP
      return textElement('text', { class: label.class, x: RIGHT + 6, y: y + 4 }, label.text)
    })
    .join('')
}
