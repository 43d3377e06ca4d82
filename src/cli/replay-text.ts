import type { DeploymentStage } from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import { remarksOf } from '../replay/report/remarks.ts'
import { stageText } from '../replay/report/stages.ts'
import { durationText, timeText } from '../replay/report/wording.ts'
import type { PolicyOnModel, ReplayedPolicy, ReplayResult } from '../replay/result.ts'
import { type Column, renderTable } from './text-table.ts'

/** Stages that every candidate goes through, and that say nothing of how it fared. */
const ON_THE_WAY: ReadonlySet<DeploymentStage> = new Set(['accepted', 'training', 'validating', 'validated'])

/** More requests than these are told of by --json. */
const REQUESTS_SHOWN = 40

/** What a replay says, for a terminal: what came in, the policies side by side, and their requests. */
export function describeReplay(result: ReplayResult): string {
  const models = [...new Set(result.policies.flatMap((policy) => policy.models.map(({ model }) => model)))]
  const parts = [heading(result), refusals(result), ...models.map((model) => aboutModel(result, model))]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function heading(result: ReplayResult): string {
  const { events, covered, courses, retrained } = result
  const { features, labels } = events
  const counts = courses[0]!.counts
  const odd = Object.entries({
    'came late': counts.late,
    'repeated predictions': counts.duplicatePredictions,
    'repeated labels': counts.duplicateLabels,
    'labels without a prediction': counts.orphanLabels,
    'counted before there was a reference': counts.unreferenced,
  })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
  const lines = [
    `${features} predictions and ${labels} labels, ${timeText(covered.fromMs)} to ${timeText(covered.toMs)}${odd.length === 0 ? '' : `; ${odd.join(', ')}`}`,
  ]
  if (!retrained) {
    lines.push('nothing was trained: no champion changes, so an episode that a retrain would end goes on')
  }
  return [...lines, ...remarksOf(result)].join('\n')
}

function refusals({ events }: ReplayResult): string {
  if (events.refused.length === 0) return ''
  const rows = events.refused.map(({ code, count, firstAt, firstMessage }) => [
    code,
    String(count),
    firstAt,
    firstMessage,
  ])
  return `refused\n${renderTable([left('code'), right('rows'), left('first'), long('why')], rows)}`
}

function aboutModel(result: ReplayResult, model: string): string {
  const of = (policy: ReplayedPolicy) => policy.models.find((known) => known.model === model)!
  const columns = [
    left('policy'),
    right('fired'),
    right('requests'),
    right('of episodes'),
    ...(result.retrained ? [right('promoted'), right('rejected'), right('rolled back')] : []),
    right('held back'),
    ...(result.changes.length === 0 ? [] : [right('false alarms'), right('false requests')]),
    ...(metricOf(result, model) === null ? [] : [right(`mean ${metricOf(result, model)}`)]),
  ]
  const rows = result.policies.map((policy) => {
    const { fired, requested, answeredEpisodes, suppressed, reckoning, ...ends } = of(policy)
    const course = result.courses[policy.course]!.models.find((known) => known.model === model)
    const held = suppressed.map(({ guard, count }) => `${guard} ${count}`).join(', ')
    return [
      policy.name,
      String(fired),
      String(requested),
      String(answeredEpisodes),
      ...(result.retrained ? [ends.promoted, ends.rejected, ends.rolledBack].map(String) : []),
      held || '-',
      ...(result.changes.length === 0
        ? []
        : [String(reckoning.falseAlarms), String(reckoning.falseRequests)]),
      ...(metricOf(result, model) === null ? [] : [decimal(course?.meanMetric ?? null)]),
    ]
  })
  const parts = [`${model}\n${renderTable(columns, rows)}`]
  const details = [episodesOf, changesOf, requestsOf, stagesOf].map((tell) => tell(result, model))
  parts.push(...details.filter((part) => part !== ''))
  return parts.join('\n\n')
}

function episodesOf({ courses, policies }: ReplayResult, model: string): string {
  const rows = courses.flatMap((course, index) => {
    const names = policies.filter((policy) => policy.course === index).map(({ name }) => name)
    const drift = course.models.find((known) => known.model === model)?.drift ?? []
    return drift.map((event) => [
      ...(courses.length === 1 ? [] : [names.join(', ')]),
      timeText(event.at),
      event.concern,
      event.state === 'resolved' ? 'over' : event.diagnosis,
      event.state === 'resolved' ? '' : durationText(event.at - event.changedAt),
      event.summary,
    ])
  })
  if (rows.length === 0) return 'no episodes'
  const columns = [left('at'), left('concern'), left('state'), right('after its change'), long('what')]
  return `episodes\n${renderTable(courses.length === 1 ? columns : [left('policy'), ...columns], rows)}`
}

function changesOf({ changes, policies }: ReplayResult, model: string): string {
  if (changes.length === 0) return ''
  const rows = policies.flatMap((policy) => {
    const met = policy.models.find((known) => known.model === model)!.reckoning.changes
    return met.map(({ change, at, alarmAfterMs, requestAfterMs }) => [
      policy.name,
      change,
      timeText(at),
      alarmAfterMs === null ? 'never' : durationText(alarmAfterMs),
      requestAfterMs === null ? 'never' : durationText(requestAfterMs),
    ])
  })
  const columns = [
    left('policy'),
    left('known change'),
    left('at'),
    right('alarm after'),
    right('request after'),
  ]
  return `known changes\n${renderTable(columns, rows)}`
}

function requestsOf({ policies }: ReplayResult, model: string): string {
  const all = policies.flatMap((policy) => {
    const { requests } = policy.models.find((known) => known.model === model) as PolicyOnModel
    return requests.map((request) => ({ policy: policy.name, request }))
  })
  if (all.length === 0) return 'no requests'
  const shown = all.toSorted((a, b) => a.request.at - b.request.at).slice(0, REQUESTS_SHOWN)
  const rows = shown.map(({ policy, request }) => [
    timeText(request.at),
    policy,
    request.trigger.name,
    heldBefore(request),
    request.trigger.reason,
  ])
  const columns = [left('at'), left('policy'), left('trigger'), right('held back before'), long('why')]
  const more = all.length > shown.length ? `\n${all.length - shown.length} more with --json` : ''
  return `requests\n${renderTable(columns, rows)}${more}`
}

/** What became of requests that were really answered: where each came to, and why. */
function stagesOf({ courses, policies, retrained }: ReplayResult, model: string): string {
  if (!retrained) return ''
  const all = policies.flatMap(({ name, course }) => {
    const events = courses[course]?.models.find((known) => known.model === model)?.deployments ?? []
    return events.filter(({ stage }) => !ON_THE_WAY.has(stage)).map((event) => ({ name, event }))
  })
  if (all.length === 0) return ''
  const shown = all.toSorted((a, b) => a.event.at - b.event.at).slice(0, REQUESTS_SHOWN)
  const rows = shown.map(({ name, event }) => [
    timeText(event.at),
    name,
    event.toVersion,
    stageText(event),
    event.reason,
  ])
  const columns = [left('at'), left('policy'), left('version'), left('came to'), long('why')]
  const more = all.length > shown.length ? `\n${all.length - shown.length} more with --json` : ''
  return `candidates\n${renderTable(columns, rows)}${more}`
}

function heldBefore({ suppressed }: RetrainRequest): string {
  return String(suppressed.reduce((sum, { count }) => sum + count, 0))
}

function metricOf({ courses }: ReplayResult, model: string): string | null {
  return courses[0]?.models.find((known) => known.model === model)?.metric ?? null
}

function decimal(value: number | null): string {
  return value === null ? '-' : value.toPrecision(4)
}

function left(heading: string): Column {
  return { heading, align: 'left' }
}

function right(heading: string): Column {
  return { heading, align: 'right' }
}

function long(heading: string): Column {
  return { heading, align: 'left', isLong: true }
}
