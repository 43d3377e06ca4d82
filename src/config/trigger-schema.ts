import { z } from 'zod'
import {
  cronPattern,
  duration,
  finiteNumber,
  list,
  oneOf,
  portion,
  positiveNumber,
  text,
  timeZone,
  trueOrFalse,
  wholeNumber,
} from './scalars.ts'

/** A trigger as written in the file: the name may be left out and is then the kind. */
export type TriggerEntry =
  | z.infer<(typeof single)[number]>
  | { kind: 'any' | 'all'; name?: string | undefined; of: TriggerEntry[] }
  | { kind: 'at-least'; name?: string | undefined; needed: number; of: TriggerEntry[] }
  | {
      kind: 'votes'
      name?: string | undefined
      needed: number
      of: { weight: number; trigger: TriggerEntry }[]
    }
  | {
      kind: 'confirmed'
      name?: string | undefined
      suspicion: TriggerEntry
      proof: TriggerEntry
      within: number
    }

/** `fix-data` is missing on purpose: a broken pipe is mended, not learned from, so it would never fire. */
const ANSWERABLE = ['retrain', 'watch', 'check-labels'] as const

/** Those of which more, or less, is surely better. */
const METRICS = [
  'auc',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'r2',
  'log-loss',
  'brier',
  'calibration-error',
  'mae',
  'rmse',
] as const

const name = text('a name of 1 to 100 characters', (raw) => raw.length >= 1 && raw.length <= 100).optional()

/** The fields of one kind; unknown ones are told with those there are. */
function trigger<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  const error = `a section of ${['kind', 'name', ...Object.keys(shape)].join(', ')}`
  return z.strictObject({ kind: z.literal(kind), name, ...shape }, { error })
}

const diagnoses = list('a list of diagnoses', oneOf(ANSWERABLE)).optional()
const source = oneOf(['measured', 'estimated']).default('measured')
const aMember = z.lazy(() => triggerSchema)
const aList = 'a list of triggers'

const single = [
  trigger('schedule', {
    cron: cronPattern(),
    timezone: timeZone().default('UTC'),
    jitter: duration(0).default(0),
    catchUp: trueOrFalse().default(true),
  }),
  trigger('drift', { diagnoses }),
  trigger('performance', { diagnoses, lasting: duration().optional() }),
  trigger('estimated', { diagnoses }),
  trigger('metric', {
    metric: oneOf(METRICS),
    source,
    below: finiteNumber().optional(),
    above: finiteNumber().optional(),
    worseBy: positiveNumber().optional(),
    within: duration().optional(),
  }),
  trigger('volume', { labelled: wholeNumber(1) }),
  trigger('age', { max: duration() }),
  trigger('cost', {
    metric: oneOf(METRICS),
    source,
    costPerUnit: positiveNumber(),
    retrainCost: positiveNumber(),
    horizon: duration(),
    predictionsPerDay: positiveNumber().optional(),
    recoverable: portion().default(1),
  }),
] as const

const KINDS = [
  ...single.map(({ shape }) => shape.kind.value),
  'any',
  'all',
  'at-least',
  'votes',
  'confirmed',
] as const

export const triggerSchema: z.ZodType<TriggerEntry> = z.discriminatedUnion(
  'kind',
  [
    ...single,
    trigger('any', { of: list(aList, aMember) }),
    trigger('all', { of: list(aList, aMember) }),
    trigger('at-least', { needed: wholeNumber(1), of: list(aList, aMember) }),
    trigger('votes', {
      needed: wholeNumber(1),
      of: list(
        'a list of weight, trigger',
        z.strictObject(
          { weight: wholeNumber(1).default(1), trigger: aMember },
          { error: 'a section of weight, trigger' },
        ),
      ),
    }),
    trigger('confirmed', { suspicion: aMember, proof: aMember, within: duration() }),
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? `one of ${KINDS.join(', ')}`
        : `a section with a kind: ${KINDS.join(', ')}`,
  },
)
