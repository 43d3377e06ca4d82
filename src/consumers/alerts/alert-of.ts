import type { AlertEvent, AlertSeverity } from '../../events/alert-event.ts'
import type { DeploymentEvent, DeploymentStage } from '../../events/deployment-event.ts'
import type { Diagnosis, DriftEvent } from '../../events/drift-event.ts'
import type { Finding } from '../../events/finding.ts'
import type { RetrainRequest } from '../../events/retrain-request.ts'
import { stableId } from '../../events/stable-id.ts'

interface Meaning {
  readonly severity: AlertSeverity
  readonly words: string
  readonly advice: string
}

const DIAGNOSES: Readonly<Record<Diagnosis, Meaning>> = {
  'fix-data': {
    severity: 'critical',
    words: 'the data are broken',
    advice: 'Mend the pipe. No retrain is asked for before it is whole.',
  },
  retrain: {
    severity: 'warning',
    words: 'performance fell',
    advice:
      'A retrain follows as soon as the triggers and guards allow it; driftstream status shows what holds it back.',
  },
  'check-labels': {
    severity: 'warning',
    words: 'the labels themselves changed',
    advice: 'Ask whoever makes the labels whether their rule is another, before anything learns from them.',
  },
  watch: {
    severity: 'info',
    words: 'inputs moved',
    advice: 'Nothing yet: performance holds, or labels will tell.',
  },
}

/** The stages at which people want to hear of a rollout; the others are on the way. */
const STAGES: ReadonlyMap<DeploymentStage, Meaning> = new Map([
  [
    'awaiting-approval',
    {
      severity: 'warning',
      words: 'a candidate awaits approval',
      advice: 'Look at its gates, then driftstream approve or driftstream reject with the request.',
    },
  ],
  [
    'promoted',
    { severity: 'info', words: 'a candidate was promoted', advice: 'Nothing: it serves from now on.' },
  ],
  [
    'rejected',
    {
      severity: 'warning',
      words: 'a candidate did not pass',
      advice:
        'The version before goes on serving. Look at the gates: more data, or another model, may be needed.',
    },
  ],
  [
    'failed',
    {
      severity: 'critical',
      words: 'a retrain failed',
      advice: 'Look at the trainer. The version before goes on serving, and the next request is tried.',
    },
  ],
  [
    'timed-out',
    {
      severity: 'critical',
      words: 'a retrain took too long',
      advice: 'Look at the trainer, or give it more time. The version before goes on serving.',
    },
  ],
  [
    'rolled-back',
    {
      severity: 'critical',
      words: 'a promotion was taken back',
      advice: 'The version before serves again. Find out what the gates did not see before the next retrain.',
    },
  ],
])

const URGENCIES: Readonly<Record<RetrainRequest['severity'], AlertSeverity>> = {
  routine: 'info',
  elevated: 'warning',
  urgent: 'critical',
}

/** More findings than these are counted, not told. */
const TOLD_MAX = 5

/** An episode that began (`started`), has another diagnosis than was told (`changed`), or is over. */
export function alertOfEpisode(event: DriftEvent, state: 'started' | 'changed' | 'resolved'): AlertEvent {
  const { model, version, diagnosis, episodeId, changedAt, at, findings } = event
  const { severity, words, advice } = DIAGNOSES[diagnosis]
  const isOver = state === 'resolved'
  return {
    id: stableId('alert', 'episode', event.id),
    about: 'episode',
    state,
    severity,
    model,
    version,
    diagnosis,
    episodeId,
    requestId: null,
    since: changedAt,
    at,
    title: `${model} ${version}: ${words}${isOver ? ', and that is over' : ''}`,
    what: isOver ? event.summary : whatMoved(event.summary, findings),
    sureness: isOver ? '' : surenessOf(findings),
    advice: isOver ? 'Nothing.' : advice,
  }
}

export function alertOfRequest(request: RetrainRequest): AlertEvent {
  const { id, model, version, diagnosis, episodeId, window, at, trigger, evidence } = request
  return {
    id: stableId('alert', 'request', id),
    about: 'request',
    state: 'requested',
    severity: URGENCIES[request.severity],
    model,
    version,
    diagnosis,
    episodeId,
    requestId: id,
    since: episodeId === null ? null : window.fromMs,
    at,
    title: `${model} ${version}: a retrain is asked for`,
    what: `${trigger.name}: ${trigger.reason}`,
    sureness: surenessOf(evidence),
    advice: 'Nothing, where a trainer is configured: the candidate is compared before it may serve.',
  }
}

/** Null for a stage that nobody needs to hear of. */
export function alertOfDeployment(event: DeploymentEvent): AlertEvent | null {
  const { id, requestId, model, fromVersion, toVersion, stage, at, reason, gates } = event
  const meaning = STAGES.get(stage)
  if (meaning === undefined) return null
  const failed = gates.filter(({ passed }) => !passed)
  const told = (failed.length > 0 ? failed : gates).slice(0, TOLD_MAX)
  return {
    id: stableId('alert', 'deployment', id),
    about: 'deployment',
    state: stage,
    severity: meaning.severity,
    model,
    version: toVersion,
    diagnosis: null,
    episodeId: null,
    requestId,
    since: null,
    at,
    title: `${model} ${fromVersion} → ${toVersion}: ${meaning.words}`,
    what: reason,
    sureness: told.map(({ message, passed }) => `${passed ? 'passed' : 'failed'}: ${message}`).join('; '),
    advice: meaning.advice,
  }
}

function whatMoved(summary: string, findings: readonly Finding[]): string {
  const drifted = findings.filter(({ verdict }) => verdict === 'drifted')
  const more = drifted.slice(0, TOLD_MAX).map(({ message }) => message)
  const rest = drifted.length - more.length
  const lines = more.filter((message) => !summary.includes(message))
  return [summary, ...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')
}

/** Of the first finding, on which most rests. */
function surenessOf([strongest]: readonly Finding[]): string {
  if (strongest === undefined) return ''
  const { pValue, alpha, effectLower, effectUpper, n, m } = strongest
  const parts: string[] = []
  if (pValue !== null) {
    const level = alpha === undefined ? '' : `, where the budget of false alarms allows ${short(alpha)}`
    parts.push(`p = ${short(pValue)}${level}`)
  }
  if (effectLower !== null && effectUpper !== null) {
    parts.push(`the effect lies between ${short(effectLower)} and ${short(effectUpper)}`)
  }
  parts.push(`${n} values against ${m}`)
  return parts.join('; ')
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
