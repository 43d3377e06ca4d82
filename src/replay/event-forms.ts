import { createJsonDecoder } from '../events/decode-source-event.ts'
import { createFeatureExtractor } from '../events/extract/feature-extractor.ts'
import { createLabelExtractor } from '../events/extract/label-extractor.ts'
import type { FeatureEvent } from '../events/feature-event.ts'
import { type FeatureEventView, viewOf } from '../events/feature-event-view.ts'
import type { LabelEvent } from '../events/label-event.ts'
import type { Mapping } from '../events/mapping.ts'
import type { FileRow } from '../files/file-row.ts'
import { CsvFeatureEvents, CsvLabelEvents } from './csv-events.ts'
import { jsonObject, wholePaths } from './json-rows.ts'
import { featureEventOf, labelEventOf, type RowDefaults } from './row-fields.ts'

/**
 * The ways in which an event may lie in a file, and how it is read from each. `number` counts rows from 1.
 * All of them throw what a dead letter would say, and may write the event anew at each call.
 */
export interface EventForms<Event> {
  ofJson(line: Uint8Array, number: number): Event | null
  ofRow(row: FileRow, number: number): Event | null
  ofCsv(names: readonly string[]): {
    load(line: Uint8Array): void
    event(number: number): Event | null
  }
}

/** Feature events as counting sees them: of what nobody asks for nothing is made. */
export function viewForms(mapping: Mapping, defaults: RowDefaults): EventForms<FeatureEventView> {
  const extractor = createFeatureExtractor(mapping)
  const isWhole = wholePaths(mapping.feature, ['model', 'version', 'id'])
  const ofRow = (row: FileRow, number: number) => viewOf(featureEventOf(row, number, mapping, defaults))
  return {
    ofRow,
    ofJson: (line, number) => (isWhole(line) ? extractor.extract(line) : ofRow(jsonObject(line), number)),
    ofCsv(names) {
      const events = new CsvFeatureEvents(names, mapping, defaults)
      return { load: (line) => events.load(line), event: (number) => events.view(number) }
    },
  }
}

/** Feature events whole, each an object of its own. */
export function wholeForms(mapping: Mapping, defaults: RowDefaults): EventForms<FeatureEvent> {
  const decoder = createJsonDecoder(mapping)
  const isWhole = wholePaths(mapping.feature, ['model', 'version', 'id'])
  const ofRow = (row: FileRow, number: number) => featureEventOf(row, number, mapping, defaults)
  return {
    ofRow,
    ofJson: (line, number) => (isWhole(line) ? decoder.feature(line) : ofRow(jsonObject(line), number)),
    ofCsv(names) {
      const events = new CsvFeatureEvents(names, mapping, defaults)
      return { load: (line) => events.load(line), event: (number) => events.whole(number) }
    },
  }
}

/** Label events, of a file of their own or beside the predictions. */
export function labelForms(mapping: Mapping, defaults: RowDefaults): EventForms<Readonly<LabelEvent>> {
  const extractor = createLabelExtractor(mapping)
  const isWhole = wholePaths(mapping.label, ['model', 'id'])
  const ofRow = (row: FileRow, number: number) => labelEventOf(row, number, mapping, defaults)
  const ownRows = defaults.labelDelayMs === null
  return {
    ofRow,
    ofJson: (line, number) =>
      ownRows && isWhole(line) ? extractor.extract(line) : ofRow(jsonObject(line), number),
    ofCsv(names) {
      const events = new CsvLabelEvents(names, mapping, defaults)
      return { load: (line) => events.load(line), event: (number) => events.event(number) }
    },
  }
}
