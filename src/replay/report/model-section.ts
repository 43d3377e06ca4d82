import type { ModelCourse } from '../course.ts'
import type { ReplayResult } from '../result.ts'
import { effectsPlot } from './effects-plot.ts'
import { episodesOf } from './episodes.ts'
import { element, escaped, textElement } from './markup.ts'
import { metricPlot, type NamedCourse } from './metric-plot.ts'
import { type Lane, policyLanes } from './policy-lanes.ts'
import { COLOURS } from './style.ts'
import { type Marked, type TableColumn, table } from './tables.ts'
import { countText, durationText, numberText, timeText } from './wording.ts'

/** More rows than these nobody reads on a page; --json has them. */
const ROWS_SHOWN = 200

const LANES =
  'A lane a policy: triangles are requests, dots promotions, crosses candidates that were turned away or taken back, bars on the line shadows and canaries; thin bars above are episodes, below what guards held back.'

/** All there is to say of one model. */
export function modelSection(result: ReplayResult, model: string): string {
  const changes = result.changes.filter((change) => change.model === null || change.model === model)
  const courses = result.courses.map((course) => course.models.find((known) => known.model === model))
  const lanes = result.policies.flatMap(({ name, course, models }): Lane[] => {
    const policy = models.find((known) => known.model === model)
    const own = courses[course]
    return policy === undefined || own === undefined ? [] : [{ name, policy, course: own }]
  })
  const named: NamedCourse[] = result.retrained
    ? lanes.map(({ name, course }) => ({ name, course }))
    : courses.flatMap((course) => (course === undefined ? [] : [{ name: 'all policies', course }]))
  const first = named[0]?.course
  const parts = [textElement('h2', {}, model), summary(result, lanes)]
  if (first !== undefined) {
    const plot = metricPlot(named, result.covered, changes)
    const lanePlot = policyLanes(lanes, result.covered, changes)
    if (plot === '') {
      parts.push(element('p', { class: 'soft' }, 'No labelled predictions: there is no metric to show.'))
      parts.push(figure('Policies', LANES, lanePlot))
    } else {
      parts.push(
        figure(`${first.metric} of labelled predictions`, metricCaption(result, first), plot + lanePlot),
      )
    }
    const effects = effectsPlot(first.effects, result.covered)
    if (effects !== '') {
      const whose = named.length > 1 ? ` In the course of ${named[0]!.name}.` : ''
      parts.push(
        figure(
          'Features that moved most',
          `Population stability index of the base windows against the reference; the darker, the further.${whose}`,
          effects,
        ),
      )
    }
  }
  parts.push(delays(lanes, changes.length > 0), episodes(result, named), requests(lanes, result.retrained))
  return element('section', {}, ...parts)
}

function metricCaption({ retrained }: ReplayResult, course: ModelCourse): string {
  const lines = retrained
    ? 'One line a policy; a dot begins another version.'
    : 'Bands are episodes: performance in orange, data in blue.'
  return `Each point is a stretch of predictions by the labels that came in the end, ${countText(course.labelled)} in all. ${lines} Below: ${LANES}`
}

function summary({ retrained, changes }: ReplayResult, lanes: readonly Lane[]): string {
  const held = [...new Set(lanes.flatMap(({ policy }) => policy.suppressed.map(({ guard }) => guard)))].sort()
  const metric = lanes[0]?.course.metric
  const columns: TableColumn[] = [
    { heading: 'policy', kind: 'text' },
    { heading: 'requests', kind: 'number' },
    { heading: 'episodes answered', kind: 'number' },
    ...(retrained ? numbers('promoted', 'rejected', 'rolled back') : []),
    ...(changes.length === 0 ? [] : numbers('false alarms', 'false requests')),
    ...numbers(...held.map((guard) => `held back: ${guard}`)),
    ...(metric === undefined ? [] : numbers(`mean ${metric}`)),
  ]
  const rows = lanes.map(({ name, policy, course }, index) => [
    swatch(name, index),
    countText(policy.requested),
    countText(policy.answeredEpisodes),
    ...(retrained ? [policy.promoted, policy.rejected, policy.rolledBack].map(countText) : []),
    ...(changes.length === 0
      ? []
      : [countText(policy.reckoning.falseAlarms), countText(policy.reckoning.falseRequests)]),
    ...held.map((guard) => countText(policy.suppressed.find((known) => known.guard === guard)?.count ?? 0)),
    ...(metric === undefined ? [] : [numberText(course.meanMetric)]),
  ])
  return table(columns, rows)
}

function delays(lanes: readonly Lane[], known: boolean): string {
  if (!known) return ''
  const rows = lanes.flatMap(({ name, policy }, index) =>
    policy.reckoning.changes.map(({ change, at, alarmAfterMs, requestAfterMs }) => [
      swatch(name, index),
      change,
      timeText(at),
      alarmAfterMs === null ? 'never' : durationText(alarmAfterMs),
      requestAfterMs === null ? 'never' : durationText(requestAfterMs),
    ]),
  )
  const columns: TableColumn[] = [
    { heading: 'policy', kind: 'text' },
    { heading: 'known change', kind: 'text' },
    { heading: 'at', kind: 'time' },
    ...numbers('alarm after', 'request after'),
  ]
  return textElement('h3', {}, 'Known changes') + table(columns, rows)
}

function episodes({ covered, retrained }: ReplayResult, named: readonly NamedCourse[]): string {
  const rows = named.flatMap(({ name, course }, index) =>
    episodesOf(course.drift, covered.toMs).map((episode) => [
      ...(retrained ? [swatch(name, index)] : []),
      timeText(episode.fromMs),
      episode.isOver ? timeText(episode.toMs) : 'goes on',
      episode.concern,
      episode.diagnoses.join(', then '),
      durationText(episode.fromMs - episode.changedAt),
      episode.summary,
    ]),
  )
  if (rows.length === 0) return element('p', { class: 'soft' }, 'No episodes.')
  const columns: TableColumn[] = [
    ...(retrained ? [{ heading: 'policy', kind: 'text' } as const] : []),
    { heading: 'from', kind: 'time' },
    { heading: 'to', kind: 'time' },
    { heading: 'concern', kind: 'text' },
    { heading: 'taken for', kind: 'text' },
    { heading: 'after its change', kind: 'number' },
    { heading: 'what was seen', kind: 'text' },
  ]
  return textElement('h3', {}, 'Episodes') + table(columns, rows.slice(0, ROWS_SHOWN)) + more(rows.length)
}

function requests(lanes: readonly Lane[], retrained: boolean): string {
  const rows = lanes
    .flatMap(({ name, policy, course }, index) =>
      policy.requests.map((request) => ({ name, index, course, policy, request })),
    )
    .sort((a, b) => a.request.at - b.request.at || a.index - b.index)
    .map(({ name, index, course, request }) => [
      timeText(request.at),
      swatch(name, index),
      request.trigger.name,
      countText(request.suppressed.reduce((sum, { count }) => sum + count, 0)),
      ...(retrained ? [endOf(course, request.id)] : []),
      request.trigger.reason,
    ])
  if (rows.length === 0) return element('p', { class: 'soft' }, 'No requests.')
  const columns: TableColumn[] = [
    { heading: 'at', kind: 'time' },
    { heading: 'policy', kind: 'text' },
    { heading: 'trigger', kind: 'text' },
    { heading: 'held back before', kind: 'number' },
    ...(retrained ? [{ heading: 'came to', kind: 'text' } as const] : []),
    { heading: 'why', kind: 'text' },
  ]
  return textElement('h3', {}, 'Requests') + table(columns, rows.slice(0, ROWS_SHOWN)) + more(rows.length)
}

function endOf({ deployments }: ModelCourse, requestId: string): string {
  const last = deployments.findLast((event) => event.requestId === requestId)
  if (last === undefined) return 'no answer'
  return last.stage === 'promoted' ? `version ${last.toVersion} promoted` : `${last.stage}: ${last.reason}`
}

function swatch(name: string, index: number): Marked {
  const colour = element('span', { class: `swatch b${index % COLOURS}`, 'aria-hidden': 'true' })
  return { markup: element('span', { class: 'name' }, colour, escaped(name)) }
}

function figure(title: string, caption: string, content: string): string {
  return element('figure', {}, textElement('h3', {}, title), textElement('figcaption', {}, caption), content)
}

function more(rows: number): string {
  if (rows <= ROWS_SHOWN) return ''
  return textElement('p', { class: 'soft' }, `${countText(rows - ROWS_SHOWN)} more with --json.`)
}

function numbers(...headings: readonly string[]): TableColumn[] {
  return headings.map((heading) => ({ heading, kind: 'number' }))
}
