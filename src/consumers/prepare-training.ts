import type { AppOptions, ConfiguredModel, TopicNames } from '../config/options.ts'
import { createSourceDecoder } from '../events/decode-source-event.ts'
import type { GateResult } from '../events/deployment-event.ts'
import type { RetrainRequest } from '../events/retrain-request.ts'
import type { Log } from '../log/port.ts'
import type { SchemaTable } from '../registry/schema-table.ts'
import { soundRows } from '../retraining/sound-rows.ts'
import { splitByTime } from '../retraining/split.ts'
import { judgeTrainingSet } from '../retraining/training-set-gates.ts'
import { readReference } from './read-reference.ts'
import { type LabelledRow, readTrainingRows } from './training-rows.ts'

/** What a candidate is trained on and judged by, or why there is none. */
export type Preparation =
  | {
      readonly kind: 'ready'
      readonly train: readonly LabelledRow[]
      readonly holdout: readonly LabelledRow[]
      /** Events of before the range that the champion served; the challenger is asked about them, too. */
      readonly oldRegime: readonly LabelledRow[]
      readonly gates: readonly GateResult[]
    }
  /** A gate of the training set is shut: nothing is to be learned from it. */
  | { readonly kind: 'unfit'; readonly gates: readonly GateResult[] }
  | { readonly kind: 'too-small'; readonly reason: string; readonly gates: readonly GateResult[] }

/**
 * Reads the training range back from the log, leaves out what came while the pipe was broken, asks the gates
 * of the training set, and cuts the rest in two by time. The same log gives the same preparation.
 * @throws TRAINING_RANGE_TOO_LARGE, SCHEMA_REGISTRY_UNAVAILABLE
 */
export async function prepareTraining(
  request: RetrainRequest,
  model: ConfiguredModel,
  options: Pick<AppOptions, 'mapping'> & {
    readonly topics: { readonly names: Pick<TopicNames, 'features' | 'labels' | 'references'> }
  },
  log: Log,
  schemas?: SchemaTable,
): Promise<Preparation> {
  const { names } = options.topics
  const { gates: limits } = model.retraining
  const reading = {
    model: model.name,
    champion: request.version,
    topics: names,
    oldRegimeRows: limits.oldRegimeRows,
  }
  const found = await readTrainingRows(
    log,
    request.trainingRange,
    reading,
    createSourceDecoder(options.mapping, schemas ?? null),
    schemas,
  )
  const { rows, events, oldRegime } = found
  const reference = await readReference(log, names.references, model.name, request.version)
  const { sound, faults } = soundRows(rows, reference, limits.unusableRiseMax)
  const set = {
    events,
    labelled: rows.length,
    sound: sound.length,
    faults,
    newestAt: sound.at(-1)?.at ?? null,
    requestedAt: request.at,
  }
  const gates = judgeTrainingSet(set, limits)
  if (gates.some(({ passed }) => !passed)) return { kind: 'unfit', gates }
  const split = splitByTime(sound, model.retraining)
  if (split.kind === 'too-small') return { kind: 'too-small', reason: split.reason, gates }
  return { kind: 'ready', train: split.train, holdout: split.holdout, oldRegime, gates }
}
