import type { FeatureEventView } from '../events/feature-event-view.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Mapping } from '../events/mapping.ts'
import type { ReadProgress } from '../files/byte-stream.ts'
import { type EventForms, labelForms, viewForms } from './event-forms.ts'
import { fileSource } from './file-source.ts'
import { expectColumns, firstRow, firstRowOrNone } from './first-row.ts'
import type { HistorySource } from './history.ts'
import type { History } from './replay-options.ts'
import { fieldOf, type RowDefaults } from './row-fields.ts'

/** The files of a history, and what their rows leave unsaid. */
export interface HistoryFiles {
  readonly features: string
  /** Null: labels stand in the rows of their predictions, or there are none. */
  readonly labels: string | null
  readonly mapping: Mapping
  readonly topics: { readonly features: string; readonly labels: string }
  /** What a row is about that does not say so; null: it must. */
  readonly model: string | null
  readonly version: string | null
  /** When a label beside its prediction, without a time of its own, became known. */
  readonly labelDelayMs: number
  readonly progress: ReadProgress
}

/**
 * A history that lies in files, its features read as `forms` makes them. Labels beside predictions are read
 * from the same file, as if they had come when they became known.
 * @throws HISTORY_INVALID for a file that cannot be read, or has no rows
 */
export async function openFiles<Event>(
  files: HistoryFiles,
  forms: (mapping: Mapping, defaults: RowDefaults) => EventForms<Event>,
): Promise<{
  readonly features: readonly HistorySource<Event>[]
  readonly labels: readonly HistorySource<Readonly<LabelEvent>>[]
}> {
  const { mapping, topics, progress } = files
  const first = await firstRow(files.features)
  const { at, prediction, model, version } = mapping.feature
  expectColumns(files.features, first, {
    'feature.at': at,
    'feature.prediction': prediction,
    ...(files.model === null && { 'feature.model': model }),
    ...(files.version === null && { 'feature.version': version }),
  })
  const hasOwnTime = mapping.label.at !== mapping.feature.at && fieldOf(first, mapping.label.at) !== undefined
  const beside: RowDefaults = { ...files, labelDelayMs: hasOwnTime ? 0 : files.labelDelayMs }
  const apart: RowDefaults = { ...files, labelDelayMs: null }
  const features = fileSource(files.features, topics.features, forms(mapping, apart), progress)
  if (files.labels !== null) {
    const { at: labelAt, label, model: labelModel } = mapping.label
    // A file of labels may have none yet: what that means for the answer, the answer says.
    const firstLabel = await firstRowOrNone(files.labels)
    if (firstLabel !== null) {
      expectColumns(files.labels, firstLabel, {
        'label.at': labelAt,
        'label.label': label,
        ...(files.model === null && { 'label.model': labelModel }),
      })
    }
    const unwatched = { bytesRead: 0, bytesTotal: 0 }
    const labels = fileSource(files.labels, topics.labels, labelForms(mapping, apart), unwatched)
    return { features: [features], labels: [labels] }
  }
  if (fieldOf(first, mapping.label.label) === undefined) {
    return { features: [features], labels: [] }
  }
  const inRows: Mapping = hasOwnTime
    ? mapping
    : { ...mapping, label: { ...mapping.label, at: mapping.feature.at, id: mapping.feature.id } }
  const unwatched = { bytesRead: 0, bytesTotal: 0 }
  const labels = fileSource(files.features, topics.labels, labelForms(inRows, beside), unwatched)
  return { features: [features], labels: [labels] }
}

/** The history of files as the steps count it. */
export function openHistory(files: HistoryFiles): Promise<History> {
  return openFiles<FeatureEventView>(files, viewForms)
}
