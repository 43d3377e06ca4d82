import type { Diagnosis } from '../../src/events/drift-event.ts'

/** How far a drift got: nothing asked for, a request without an end yet, refused by a gate, promoted. */
export type IncidentAction = 'none' | 'requested' | 'rejected' | 'promoted'

/** One thing that happened to the stream, or an alarm for which nothing is known to have happened. */
export interface Incident {
  readonly name: string
  /** Put there by the demo; false: it is in the data as they are. */
  readonly planted: boolean
  /** When it really began, epoch ms; null where an alarm had no cause. */
  readonly startedAt: number | null
  readonly detectedAt: number | null
  readonly resolvedAt: number | null
  readonly diagnosis: Diagnosis | null
  readonly action: IncidentAction
  /** What should be said of it; null where an alarm had no cause. */
  readonly expected: Diagnosis | null
}

/** One version's time in service. Metrics are NaN where there were no labels, or labels of one kind only. */
export interface VersionRow {
  readonly version: string
  /** First and last prediction, epoch ms. */
  readonly from: number
  readonly to: number
  readonly events: number
  readonly logLoss: number
  readonly auc: number
  /** The version it replaced, on the same events; null for the first version. */
  readonly oldModelLogLoss: number | null
  readonly oldModelAuc: number | null
}

export interface DemoSummary {
  readonly seconds: number
  readonly events: number
  readonly eventsPerSecond: number
  readonly incidents: readonly Incident[]
  readonly requests: number
  readonly promotions: number
  readonly rejections: number
  readonly versions: readonly VersionRow[]
}

export interface Judgement {
  readonly right: boolean
  readonly words: string
}

/** What may follow from a diagnosis. A gate that refuses is a right end where labels alone moved. */
const rightActions: Readonly<Record<Diagnosis, readonly IncidentAction[]>> = {
  'fix-data': ['none'],
  watch: ['none'],
  'check-labels': ['none', 'rejected'],
  retrain: ['promoted'],
}

/** Whether an incident was detected, named and answered as it should have been. */
export function judgeIncident(incident: Incident): Judgement {
  const { expected, diagnosis, detectedAt, action, startedAt } = incident
  if (expected === null) return { right: false, words: 'false alarm' }
  if (detectedAt === null || diagnosis === null) return { right: false, words: 'missed' }
  if (startedAt !== null && detectedAt < startedAt) return { right: false, words: 'alarm before it began' }
  if (diagnosis !== expected) return { right: false, words: `wrong: expected ${expected}` }
  if (!rightActions[expected].includes(action)) {
    return { right: false, words: `wrong action: expected ${rightActions[expected].join(' or ')}` }
  }
  return { right: true, words: 'right' }
}
