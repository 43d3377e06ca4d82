import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { diagnosis } from './drift-event.ts'
import { modelName, versionName } from './fields.ts'

/** `critical`: somebody should look now; `warning`: somebody should look; `info`: somebody may want to know. */
export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const
const alertSeverity = z.enum(ALERT_SEVERITIES)
export type AlertSeverity = z.infer<typeof alertSeverity>

export const ALERT_SUBJECTS = ['episode', 'request', 'deployment'] as const
const alertSubject = z.enum(ALERT_SUBJECTS)
export type AlertSubject = z.infer<typeof alertSubject>

/** What a person is told, once: that an episode began, changed or ended, a retrain was asked for, a rollout came to an end. */
export const alertEvent = z.object({
  /** Hash of the event it is about: a repeat after a restart has the same. */
  id: z.string(),
  about: alertSubject,
  /** `started`, `changed` or `resolved` of an episode; `requested`; the stage of a deployment. */
  state: z.string(),
  severity: alertSeverity,
  model: modelName,
  version: versionName,
  diagnosis: diagnosis.nullable(),
  episodeId: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Since when the world is another, epoch ms; null where nothing was dated. */
  since: z.number().nullable(),
  /** Time of the event it is about, epoch ms. */
  at: z.number(),
  title: z.string(),
  /** What moved, or what happened. */
  what: z.string(),
  /** What it rests on, with its numbers; empty where nothing was judged. */
  sureness: z.string(),
  /** What to do. */
  advice: z.string(),
})
export type AlertEvent = z.infer<typeof alertEvent>

export const alertEventType: CloudEventType<AlertEvent> = {
  type: 'io.driftstream.alert.v1',
  schema: alertEvent,
}

export const alertEventExample: AlertEvent = {
  id: '2f0b6c7d8e9a1b34',
  about: 'episode',
  state: 'started',
  severity: 'critical',
  model: 'flights',
  version: '1',
  diagnosis: 'fix-data',
  episodeId: '9c0f7a1be2d34456',
  requestId: null,
  since: Date.UTC(2001, 2, 12, 0),
  at: Date.UTC(2001, 2, 12, 2),
  title: 'flights 1: the data are broken',
  what: 'origin is missing in 31.0 % of 912 values, 0.0 % in the reference',
  sureness: 'p = 1e-80; the effect lies between 0.28 and 0.34; 912 values against 471203',
  advice: 'Mend the pipe. No retrain is asked for before it is whole.',
}
