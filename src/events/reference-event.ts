import { z } from 'zod'
import type { CloudEventType } from './cloud-event.ts'
import { modelName, versionName } from './fields.ts'

const count = z.int().min(0)

const numericReference = z.object({
  kind: z.literal('numeric'),
  edges: z.array(z.number()).max(4096),
  bins: z.array(count).max(4097),
  missing: count,
  nan: count,
  infinite: count,
  wrongType: count,
  /** Null where the reference holds no finite value. */
  min: z.number().nullable(),
  max: z.number().nullable(),
})

const categoricalReference = z.object({
  kind: z.literal('categorical'),
  categories: z.array(z.string()).max(65_536),
  cells: z.array(count).max(65_538),
  missing: count,
  wrongType: count,
})

const counts = z.array(count).max(4096)

/** What stands where in the arrays, the counts of a pane say: they are merged and compared cell by cell. */
const performanceReference = z.object({
  n: count,
  scored: count,
  correct: count,
  truePositives: count,
  falsePositives: count,
  trueNegatives: count,
  falseNegatives: count,
  joint: counts,
  classCount: z.int().min(0).max(32).optional(),
  /** Since v1 was first written; a reference without them has the sums below instead. */
  sums: counts.optional(),
  confusion: counts.optional(),
  calibration: counts.optional(),
  scores: counts.optional(),
  scoreSums: counts.optional(),
  errors: counts.optional(),
  labels: counts.optional(),
  /** Times from predictions to their labels; absent where they are not known, as of rows of a file. */
  delays: counts.optional(),
  logLossSum: z.number().min(0).optional(),
  logLossSquareSum: z.number().min(0).optional(),
  brierSum: z.number().min(0).optional(),
  brierSquareSum: z.number().min(0).optional(),
  absoluteErrorSum: z.number().min(0).optional(),
  squaredErrorSum: z.number().min(0).optional(),
  quarticErrorSum: z.number().min(0).optional(),
})

/**
 * How the rows lie from one window of time to the next. Readers that do not know the encoding read the
 * reference without them.
 */
const referencePanes = z.object({
  encoding: z.int().min(1),
  /** Length of a window, ms, and how many there are. */
  windowMs: z.int().min(1),
  count: z.int().min(1).max(256),
  /** Base64; see `src/sketches/reference-panes-codec.ts`. */
  data: z.string().max(350_000),
})

/** A file of the user's, the range a candidate was trained on, or the version's own first events. */
const referenceSource = z.enum(['file', 'training', 'stream'])
export type ReferenceSource = z.infer<typeof referenceSource>

/** What "normal" is for one model version, published before the version serves. */
export const referenceEvent = z.object({
  id: z.string(),
  model: modelName,
  version: versionName,
  createdAt: z.number(),
  m: count,
  task: z.enum(['binary', 'multiclass', 'regression']),
  /** A list, not an object: a feature may be called `__proto__`. */
  features: z.array(
    z.object({
      name: z.string(),
      reference: z.discriminatedUnion('kind', [numericReference, categoricalReference]),
    }),
  ),
  /** multiclass: the classes counted one by one, in falling order of count. */
  classes: z.array(z.string()).max(32).optional(),
  performance: performanceReference.nullable(),
  /** Where it comes from; absent in references made before this was told. */
  source: referenceSource.optional(),
  /** `cut`: edges to count on and no counts yet; absent means `ready`. */
  stage: z.enum(['cut', 'ready']).optional(),
  /** What counts on these edges are called, where that is not the reference's own id: both stages share it. */
  gridId: z.string().optional(),
  /** Learned from the stream: end of the last pane that fed it, epoch ms. What came before is no evidence. */
  learnedUntil: z.number().optional(),
  /** Learned from the stream: how long after its pane labels were waited for, ms. Later ones are not in it. */
  labelDelayMs: z.int().min(0).optional(),
  /** Absent where the rows had no times, and in references made before this was told. */
  panes: referencePanes.optional(),
})
export type ReferenceEvent = z.infer<typeof referenceEvent>

export const referenceEventType: CloudEventType<ReferenceEvent> = {
  type: 'io.driftstream.reference.published.v1',
  schema: referenceEvent,
}

export const referenceEventExample: ReferenceEvent = {
  id: '5be1a7c09d3e4f20',
  model: 'flights',
  version: '1',
  createdAt: Date.UTC(2001, 0, 29),
  m: 4,
  task: 'binary',
  features: [
    {
      name: 'distance',
      reference: {
        kind: 'numeric',
        edges: [300, 700],
        bins: [1, 2, 1],
        missing: 0,
        nan: 0,
        infinite: 0,
        wrongType: 0,
        min: 120,
        max: 900,
      },
    },
    {
      name: 'origin',
      reference: {
        kind: 'categorical',
        categories: ['DEN', 'SLC'],
        cells: [2, 1, 0, 0],
        missing: 1,
        wrongType: 0,
      },
    },
  ],
  performance: null,
}
