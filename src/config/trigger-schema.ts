import { z } from 'zod'
import { cronPattern, list, oneOf, text, timeZone } from './scalars.ts'

/** A trigger as written in the file: the name may be left out and is then the kind. */
export type TriggerEntry =
  | { kind: 'schedule'; name?: string | undefined; cron: string; timezone: string }
  | { kind: 'drift' | 'performance'; name?: string | undefined; diagnoses?: Answerable[] | undefined }
  | { kind: 'any' | 'all'; name?: string | undefined; of: TriggerEntry[] }

/** `fix-data` is missing on purpose: a broken pipe is mended, not learned from, so it would never fire. */
const ANSWERABLE = ['retrain', 'watch', 'check-labels'] as const
type Answerable = (typeof ANSWERABLE)[number]

const KINDS = ['schedule', 'drift', 'performance', 'any', 'all'] as const

const name = text('a name of 1 to 100 characters', (raw) => raw.length >= 1 && raw.length <= 100).optional()
const error = `a section of ${['kind', 'name', 'cron', 'timezone', 'diagnoses', 'of'].join(', ')}`

export const triggerSchema: z.ZodType<TriggerEntry> = z.discriminatedUnion(
  'kind',
  [
    z.strictObject(
      { kind: z.literal('schedule'), name, cron: cronPattern(), timezone: timeZone().default('UTC') },
      { error },
    ),
    z.strictObject(
      {
        kind: z.enum(['drift', 'performance']),
        name,
        diagnoses: list('a list of diagnoses', oneOf(ANSWERABLE)).optional(),
      },
      { error },
    ),
    z.strictObject(
      {
        kind: z.enum(['any', 'all']),
        name,
        of: list(
          'a list of triggers',
          z.lazy(() => triggerSchema),
        ),
      },
      { error },
    ),
  ],
  {
    error: (issue) => (issue.code === 'invalid_union' ? `one of ${KINDS.join(', ')}` : error),
  },
)
