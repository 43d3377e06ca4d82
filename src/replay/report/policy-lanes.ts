import type { DeploymentEvent } from '../../events/deployment-event.ts'
import type { TimeRange } from '../../events/fields.ts'
import type { ModelCourse } from '../course.ts'
import type { KnownChange } from '../known-changes.ts'
import type { PolicyOnModel } from '../result.ts'
import { episodesOf } from './episodes.ts'
import { changeLines, cut, LEFT, picture, RIGHT, timeAxis, timeScale } from './frame.ts'
import { element, rounded, textElement } from './markup.ts'
import type { Scale } from './scale.ts'
import { stageText, trialsOf } from './stages.ts'
import { COLOURS } from './style.ts'
import { countText, timeText } from './wording.ts'

const TOP = 8
const LANE = 36
const EPISODE = 5
const HELD = 3
const TRIAL = 6

const TURNED_AWAY: ReadonlySet<DeploymentEvent['stage']> = new Set([
  'rejected',
  'failed',
  'timed-out',
  'rolled-back',
  'cancelled',
])

export interface Lane {
  readonly name: string
  readonly policy: PolicyOnModel
  readonly course: ModelCourse
}

/**
 * One lane a policy: its episodes above, what its guards held back below, and on the line its requests
 * (triangles), promotions (dots), candidates on live events (bars), and those that were turned away (crosses).
 */
export function policyLanes(
  lanes: readonly Lane[],
  range: TimeRange,
  changes: readonly KnownChange[],
): string {
  const time = timeScale(range)
  const bottom = TOP + LANE * lanes.length
  return picture(
    bottom + 28,
    'requests, promotions and what was held back, by policy',
    timeAxis(time, TOP, bottom),
    changeLines(time, changes, TOP, bottom, false),
    ...lanes.map((lane, index) => laneOf(lane, index, time, range)),
  )
}

function laneOf({ name, policy, course }: Lane, index: number, time: Scale, range: TimeRange): string {
  const middle = TOP + LANE * index + LANE / 2
  const colour = index % COLOURS
  const bar = (className: string, fromMs: number, toMs: number, y: number, height: number, title: string) => {
    const x = time.at(Math.max(fromMs, time.from))
    const width = Math.max(2, time.at(Math.min(toMs, time.to)) - x)
    return element('rect', { class: className, x, y, width, height, rx: 1 }, textElement('title', {}, title))
  }
  const episodes = episodesOf(course.drift, range.toMs).map(({ concern, fromMs, toMs, summary }) =>
    bar(
      `episode ${concern}`,
      fromMs,
      toMs,
      middle - 13,
      EPISODE,
      `${concern} episode, ${timeText(fromMs)}: ${summary}`,
    ),
  )
  const held = policy.held.map(({ guard, firstAt, lastAt, count, reason }) =>
    bar(
      'held',
      firstAt,
      lastAt,
      middle + 9,
      HELD,
      `held back ${countText(count)} times by ${guard}: ${reason}`,
    ),
  )
  const trials = trialsOf(course.deployments, range.toMs).map(({ event, fromMs, toMs }) =>
    bar(
      `trial f${colour}`,
      fromMs,
      toMs,
      middle - 3,
      TRIAL,
      `${stageText(event)} of version ${event.toVersion} from ${timeText(fromMs)}: ${event.reason}`,
    ),
  )
  const requests = policy.requests.map(({ at, trigger }) => {
    const x = time.at(at)
    const title = `request at ${timeText(at)} by ${trigger.name}: ${trigger.reason}`
    return element(
      'path',
      { class: `mark f${colour}`, d: `M${rounded(x)} ${rounded(middle - 6)}l6 10.5h-12z` },
      textElement('title', {}, title),
    )
  })
  return [
    element('line', { class: 'grid', x1: LEFT, x2: RIGHT, y1: middle, y2: middle }),
    textElement(
      'text',
      { class: `f${colour}`, x: LEFT - 8, y: middle + 4, 'text-anchor': 'end' },
      cut(name, 16),
    ),
    ...episodes,
    ...held,
    ...trials,
    ...requests,
    ...course.deployments.map((event) => outcome(event, time, middle, colour)),
  ].join('')
}

function outcome(event: DeploymentEvent, time: Scale, middle: number, colour: number): string {
  const x = time.at(event.at)
  const title = textElement(
    'title',
    {},
    `${event.stage} at ${timeText(event.at)}: version ${event.toVersion}, ${event.reason}`,
  )
  if (event.stage === 'promoted') {
    return element('circle', { class: `mark f${colour}`, cx: x, cy: middle, r: 5 }, title)
  }
  if (!TURNED_AWAY.has(event.stage)) return ''
  const d = `M${rounded(x - 4)} ${rounded(middle - 4)}l8 8m0 -8l-8 8`
  return element('path', { class: `measure s${colour}`, d }, title)
}
