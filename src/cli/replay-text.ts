import { formatDuration } from '../config/duration.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { PolicyOnModel, ReplayedPolicy, ReplayResult } from '../replay/result.ts'
import { type Column, renderTable } from './text-table.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
/** More requests than these are told of by --json. */
const REQUESTS_SHOWN = 40

/** What a replay says, for a terminal: what came in, the policies side by side, and their requests. */
export function describeReplay(result: ReplayResult): string {
  const models = [...new Set(result.policies.flatMap((policy) => policy.models.map(({ model }) => model)))]
  const parts = [heading(result), refusals(result), ...models.map((model) => aboutModel(result, model))]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function heading({ events, covered, courses, retrained }: ReplayResult): string {
  const { features, labels } = events
  const counts = courses[0]!.counts
  const odd = Object.entries({
    'came late': counts.late,
    'repeated predictions': counts.duplicatePredictions,
    'repeated labels': counts.duplicateLabels,
    'labels without a prediction': counts.orphanLabels,
    'counted without a reference': counts.unreferenced,
  })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`)
  const lines = [
    `${features} predictions and ${labels} labels, ${iso(covered.fromMs)} to ${iso(covered.toMs)}${odd.length === 0 ? '' : `; ${odd.join(', ')}`}`,
  ]
  if (!retrained) {
    lines.push('nothing was trained: no champion changes, so an episode that a retrain would end goes on')
  }
  return lines.join('\n')
}

function refusals({ events }: ReplayResult): string {
  if (events.refused.length === 0) return ''
  const rows = events.refused.map(({ code, count, firstAt, firstMessage }) => [
    code,
    String(count),
    firstAt,
    firstMessage,
  ])
  return `refused\n${renderTable([left('code'), right('rows'), left('first'), left('why')], rows)}`
}

function aboutModel(result: ReplayResult, model: string): string {
  const of = (policy: ReplayedPolicy) => policy.models.find((known) => known.model === model)!
  const columns = [
    left('policy'),
    right('fired'),
    right('requests'),
    right('of episodes'),
    ...(result.retrained ? [right('promoted'), right('rejected')] : []),
    right('held back'),
    ...(result.changes.length === 0 ? [] : [right('false alarms'), right('false requests')]),
    ...(metricOf(result, model) === null ? [] : [right(`mean ${metricOf(result, model)}`)]),
  ]
  const rows = result.policies.map((policy) => {
    const { fired, requested, promoted, rejected, answeredEpisodes, suppressed, reckoning } = of(policy)
    const course = result.courses[policy.course]!.models.find((known) => known.model === model)
    const held = suppressed.map(({ guard, count }) => `${guard} ${count}`).join(', ')
    return [
      policy.name,
      String(fired),
      String(requested),
      String(answeredEpisodes),
      ...(result.retrained ? [String(promoted), String(rejected)] : []),
      held || '-',
      ...(result.changes.length === 0
        ? []
        : [String(reckoning.falseAlarms), String(reckoning.falseRequests)]),
      ...(metricOf(result, model) === null ? [] : [decimal(course?.meanMetric ?? null)]),
    ]
  })
  const parts = [`${model}\n${renderTable(columns, rows)}`]
  for (const part of [episodesOf(result, model), changesOf(result, model), requestsOf(result, model)]) {
    if (part !== '') parts.push(part)
  }
  return parts.join('\n\n')
}

function episodesOf({ courses, policies }: ReplayResult, model: string): string {
  const rows = courses.flatMap((course, index) => {
    const names = policies.filter((policy) => policy.course === index).map(({ name }) => name)
    const drift = course.models.find((known) => known.model === model)?.drift ?? []
    return drift.map((event) => [
      ...(courses.length === 1 ? [] : [names.join(', ')]),
      iso(event.at),
      event.concern,
      event.state === 'resolved' ? 'over' : event.diagnosis,
      event.state === 'resolved' ? '' : `after ${duration(event.at - event.changedAt)}`,
      event.summary,
    ])
  })
  if (rows.length === 0) return 'no episodes'
  const columns = [left('at'), left('concern'), left('state'), left('its change'), left('what')]
  return `episodes\n${renderTable(courses.length === 1 ? columns : [left('policy'), ...columns], rows)}`
}

function changesOf({ changes, policies }: ReplayResult, model: string): string {
  if (changes.length === 0) return ''
  const rows = policies.flatMap((policy) => {
    const met = policy.models.find((known) => known.model === model)!.reckoning.changes
    return met.map(({ change, at, alarmAfterMs, requestAfterMs }) => [
      policy.name,
      change,
      iso(at),
      alarmAfterMs === null ? 'never' : duration(alarmAfterMs),
      requestAfterMs === null ? 'never' : duration(requestAfterMs),
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
    iso(request.at),
    policy,
    request.trigger.name,
    heldBefore(request),
    request.trigger.reason,
  ])
  const columns = [left('at'), left('policy'), left('trigger'), right('held back before'), left('why')]
  const more = all.length > shown.length ? `\n${all.length - shown.length} more with --json` : ''
  return `requests\n${renderTable(columns, rows)}${more}`
}

function heldBefore({ suppressed }: RetrainRequest): string {
  return String(suppressed.reduce((sum, { count }) => sum + count, 0))
}

function metricOf({ courses }: ReplayResult, model: string): string | null {
  return courses[0]?.models.find((known) => known.model === model)?.metric ?? null
}

/** To the minute: `2001-03-12 02:00`, in UTC. */
function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

function duration(ms: number): string {
  const unit = Math.abs(ms) < MINUTE_MS ? SECOND_MS : MINUTE_MS
  const rounded = Math.round(ms / unit) * unit
  return rounded < 0 ? `-${formatDuration(-rounded)}` : formatDuration(rounded)
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
