import { z } from 'zod'
import { TRIGGER_DEFAULTS } from './defaults.ts'
import { duration, list, oneOf, scalar, section, timeZone, wholeNumber } from './scalars.ts'
import { triggerSchema } from './trigger-schema.ts'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const

/** Minutes after midnight of `22:30`. */
function timeOfDay() {
  return scalar('a time of day such as "22:30"', (raw) => {
    const [, hours, minutes] = (typeof raw === 'string' && /^([01]\d|2[0-3]):([0-5]\d)$/.exec(raw)) || []
    return hours === undefined || minutes === undefined ? undefined : 60 * Number(hours) + Number(minutes)
  })
}

const quietHours = z.strictObject(
  {
    from: timeOfDay(),
    to: timeOfDay(),
    timezone: timeZone().default('UTC'),
    days: list(
      `a list of ${DAYS.join(', ')}`,
      oneOf(DAYS).transform((day) => DAYS.indexOf(day)),
    ).default([0, 1, 2, 3, 4, 5, 6]),
  },
  { error: 'a section of from, to, timezone, days' },
)

/** Null where every refusal is to be followed by the whole cooldown. */
function retryGrowth() {
  return scalar<number | null>('a number above 1 such as 2, or never', (raw) => {
    if (raw === 'never') return null
    return typeof raw === 'number' && raw > 1 && Number.isFinite(raw) ? raw : undefined
  })
}

/** When a retrain is asked for, and what holds it back. */
export const triggersSchema = section({
  trigger: triggerSchema.default({ kind: 'performance' }),
  hysteresis: section({ panes: wholeNumber(1).default(1), of: wholeNumber(1, 1_000).optional() }),
  cooldown: duration(0).default(TRIGGER_DEFAULTS.cooldownMs),
  cooldownAfterDeployment: duration(0).optional(),
  retryGrowth: retryGrowth().default(TRIGGER_DEFAULTS.retryGrowth),
  requestBudget: z
    .strictObject({ requests: wholeNumber(1), per: duration() }, { error: 'a section of requests, per' })
    .optional(),
  quietHours: z.array(quietHours, { error: 'a list of quiet hours' }).default([]),
  minimumNewLabels: wholeNumber(0).default(0),
  minimumSample: wholeNumber(0).default(TRIGGER_DEFAULTS.minimumSample),
  queueMax: wholeNumber(1).optional(),
  priority: wholeNumber(0).default(0),
  trainingWindow: duration().default(TRIGGER_DEFAULTS.trainingWindowMs),
  trainingEvents: wholeNumber(1).optional(),
  deadline: duration().optional(),
  inFlightTimeout: duration().default(TRIGGER_DEFAULTS.inFlightTimeoutMs),
})
