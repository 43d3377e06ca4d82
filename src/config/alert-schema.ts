import { z } from 'zod'
import { ALERT_SEVERITIES, ALERT_SUBJECTS } from '../events/alert-event.ts'
import { type Diagnosis, diagnosis } from '../events/drift-event.ts'
import type { AlertSinkOptions } from './alert-options.ts'
import { ALERT_DEFAULTS } from './defaults.ts'
import { duration, list, oneOf, text, wholeNumber } from './scalars.ts'
import { secretOf } from './security-schema.ts'

const DIAGNOSES: readonly Diagnosis[] = diagnosis.options

const variable = () =>
  text('the name of an environment variable', (raw) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(raw)).nullish()
const file = () => text('a path').nullish()

/** What every kind has. */
const filters = {
  name: text('a name of 1 to 100 of [a-zA-Z0-9._-]', (raw) => /^[a-zA-Z0-9._-]{1,100}$/.test(raw)),
  models: list('a list of models', text('the name of a model')).nullish(),
  diagnoses: list(`a list of ${DIAGNOSES.join(', ')}`, oneOf(DIAGNOSES)).nullish(),
  about: list(`a list of ${ALERT_SUBJECTS.join(', ')}`, oneOf(ALERT_SUBJECTS)).nullish(),
  severity: oneOf(ALERT_SEVERITIES).default(ALERT_DEFAULTS.severity),
  atMost: wholeNumber(1).default(ALERT_DEFAULTS.atMost),
  per: duration().default(ALERT_DEFAULTS.perMs),
  staleAfter: duration().default(ALERT_DEFAULTS.staleAfterMs),
  giveUpAfter: duration(0).default(ALERT_DEFAULTS.giveUpAfterMs),
}

/** The fields of one kind; unknown ones are told with those there are. */
function sink<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  const error = `a section of ${['kind', ...Object.keys(filters), ...Object.keys(shape)].join(', ')}`
  return z.strictObject({ kind: z.literal(kind), ...filters, ...shape }, { error })
}

const requestTimeLimit = duration().default(ALERT_DEFAULTS.requestTimeLimitMs)

/** Where alerts go; secrets are named by the file or the environment variable that holds them. */
const alertSchema = z.discriminatedUnion(
  'kind',
  [
    sink('log', {}),
    sink('webhook', {
      url: text('an http or https address', (raw) => /^https?:$/.test(URL.parse(raw)?.protocol ?? '')),
      secretFile: file(),
      secretVariable: variable(),
      requestTimeLimit,
    }),
    sink('slack', { urlFile: file(), urlVariable: variable(), requestTimeLimit }),
  ],
  { error: 'a section whose kind is log, webhook or slack' },
)

export const alertsSchema = z.array(alertSchema, { error: 'a list of places to send alerts to' }).nullish()

type AlertEntry = z.infer<typeof alertSchema>

/** `entry` has passed the schema and `alertFaults`. */
export function toAlertSink(entry: AlertEntry): AlertSinkOptions {
  const { name, models, diagnoses, about, severity, atMost, per, staleAfter, giveUpAfter } = entry
  const base = {
    name,
    models: models == null ? null : new Set(models),
    diagnoses: diagnoses == null ? null : new Set(diagnoses),
    about: new Set(about ?? ALERT_SUBJECTS),
    severity,
    atMost,
    perMs: per,
    staleAfterMs: staleAfter,
    giveUpAfterMs: giveUpAfter,
  }
  if (entry.kind === 'log') return { ...base, kind: 'log' }
  const requestTimeLimitMs = entry.requestTimeLimit
  if (entry.kind === 'slack') {
    const url = secretOf(entry.urlVariable, entry.urlFile)!
    return { ...base, kind: 'slack', url, requestTimeLimitMs }
  }
  const secret = secretOf(entry.secretVariable, entry.secretFile)
  return { ...base, kind: 'webhook', url: entry.url, secret, requestTimeLimitMs }
}
