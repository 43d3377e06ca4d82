import { DriftstreamError } from '../errors/driftstream-error.ts'
import { type FeatureEvent, featureEvent } from '../events/feature-event.ts'
import {
  type EventFeatures,
  type FeatureEventView,
  type FeatureValues,
  ParsedFeatures,
} from '../events/feature-event-view.ts'
import { ID_LENGTH_MAX } from '../events/fields.ts'
import { type LabelEvent, labelEvent } from '../events/label-event.ts'
import type { FeatureMapping, LabelMapping, Mapping } from '../events/mapping.ts'
import { parseEvent } from '../events/parse-event.ts'
import { CsvRecord } from '../files/csv-record.ts'
import { claimedColumns, type RowDefaults } from './row-fields.ts'

const NO_COLUMN = -1

/** Where a field stands in a file; -1 where the file has no such column. */
type Columns<Fields> = { readonly [field in keyof Fields]: number }

/** Feature events from lines without quotes: nothing is made of a line but the view of it. */
export class CsvFeatureEvents implements EventFeatures {
  readonly #names: readonly string[]
  readonly #record: CsvRecord
  readonly #columns: Columns<FeatureMapping>
  readonly #defaults: RowDefaults
  /** Columns of features, in the file's order. */
  readonly #features: readonly number[]
  readonly #event: { -readonly [Field in keyof FeatureEventView]: FeatureEventView[Field] }
  #wanted: readonly string[] | null = null
  #wantedColumns = new Int32Array(0)
  readonly #gathered: { values: FeatureValues['values'][number][]; others: number } = {
    values: [],
    others: 0,
  }

  constructor(names: readonly string[], mapping: Mapping, defaults: RowDefaults) {
    this.#names = names
    this.#record = new CsvRecord(names.length)
    this.#columns = columnsOf(names, mapping.feature)
    this.#defaults = defaults
    const claimed = claimedColumns(mapping)
    this.#features = [...names.keys()].filter((column) => !claimed.has(names[column]!))
    const { model, version } = defaults
    this.#event = {
      model: model ?? '',
      version: version ?? '',
      id: '',
      at: 0,
      prediction: 0,
      score: undefined,
      features: this,
    }
  }

  /** @throws EVENT_INVALID for a line with more cells or fewer than the file has columns */
  load(line: Uint8Array): void {
    expectCells(this.#record.load(line), this.#names.length)
  }

  /** @throws EVENT_INVALID */
  view(number: number): FeatureEventView {
    const { model, version, id, at, prediction, score } = this.#columns
    const record = this.#record
    const event = this.#event
    const time = at === NO_COLUMN ? Number.NaN : record.time(at)
    const said = prediction === NO_COLUMN ? null : record.value(prediction)
    const rated = score === NO_COLUMN ? null : record.value(score)
    const name = id === NO_COLUMN ? String(number) : record.textOnce(id)
    const isClean =
      !Number.isNaN(time) &&
      said !== null &&
      (rated === null || typeof rated === 'number') &&
      name.length > 0 &&
      name.length <= ID_LENGTH_MAX
    if (!isClean) return this.#parsed(number)
    if (model !== NO_COLUMN) event.model = record.text(model)
    if (version !== NO_COLUMN) event.version = record.text(version)
    event.id = name
    event.at = time
    event.prediction = said
    event.score = rated ?? undefined
    event.features = this
    return event
  }

  /** The whole event, for whoever keeps it. @throws EVENT_INVALID */
  whole(number: number): FeatureEvent {
    const { model, version, id, at, prediction, score, segment } = this.#columns
    const text = (column: number) => (column === NO_COLUMN ? '' : this.#record.text(column))
    const value = (column: number) =>
      column === NO_COLUMN ? undefined : (this.#record.value(column) ?? undefined)
    const features: FeatureEvent['features'] = Object.create(null)
    for (const column of this.#features) features[this.#names[column]!] = this.#record.value(column)
    const segmentText = text(segment)
    return parseEvent(featureEvent, {
      model: text(model) || this.#defaults.model,
      version: text(version) || this.#defaults.version,
      id: text(id) || String(number),
      at: value(at),
      prediction: value(prediction),
      ...(value(score) === undefined ? {} : { score: value(score) }),
      ...(segmentText === '' ? {} : { segment: segmentText }),
      features,
    })
  }

  valuesOf(names: readonly string[]): FeatureValues {
    if (this.#wanted !== names) this.#want(names)
    const columns = this.#wantedColumns
    const { values } = this.#gathered
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at]!
      values[at] = column === NO_COLUMN ? undefined : this.#record.value(column)
    }
    return this.#gathered
  }

  #want(names: readonly string[]): void {
    this.#wanted = names
    this.#wantedColumns = Int32Array.from(names, (name) => {
      const column = this.#names.indexOf(name)
      return this.#features.includes(column) ? column : NO_COLUMN
    })
    this.#gathered.values = new Array(names.length)
    this.#gathered.others = this.#features.length - this.#wantedColumns.filter((at) => at >= 0).length
  }

  /** A line in which anything is in doubt: the schema judges it, and says what is wrong. */
  #parsed(number: number): FeatureEventView {
    const { features, segment: _, ...fields } = this.whole(number)
    return { ...fields, score: fields.score, features: new ParsedFeatures(features) }
  }
}

/** Label events from lines without quotes. */
export class CsvLabelEvents {
  readonly #record: CsvRecord
  readonly #cells: number
  readonly #columns: Columns<LabelMapping>
  readonly #defaults: RowDefaults
  readonly #event: LabelEvent

  constructor(names: readonly string[], mapping: Mapping, defaults: RowDefaults) {
    this.#record = new CsvRecord(names.length)
    this.#cells = names.length
    this.#columns = columnsOf(names, mapping.label)
    this.#defaults = defaults
    this.#event = { model: defaults.model ?? '', id: '', at: 0, label: 0 }
  }

  /** @throws EVENT_INVALID for a line with more cells or fewer than the file has columns */
  load(line: Uint8Array): void {
    expectCells(this.#record.load(line), this.#cells)
  }

  /** Null where labels stand beside predictions and this one has none. @throws EVENT_INVALID */
  event(number: number): LabelEvent | null {
    const { model, id, at, label } = this.#columns
    const record = this.#record
    const event = this.#event
    const name = id === NO_COLUMN ? String(number) : record.textOnce(id)
    const time = at === NO_COLUMN ? Number.NaN : record.time(at)
    const said = label === NO_COLUMN ? null : record.value(label)
    if (said === null && this.#defaults.labelDelayMs !== null) return null
    if (Number.isNaN(time) || said === null || name.length === 0 || name.length > ID_LENGTH_MAX) {
      return this.#parsed(number)
    }
    if (model !== NO_COLUMN) event.model = record.text(model)
    event.id = name
    event.at = time + (this.#defaults.labelDelayMs ?? 0)
    event.label = said
    return event
  }

  #parsed(number: number): LabelEvent {
    const { model, id, at, label } = this.#columns
    const value = (column: number) =>
      column === NO_COLUMN ? undefined : (this.#record.value(column) ?? undefined)
    const text = (column: number) => (column === NO_COLUMN ? '' : this.#record.text(column))
    const event = parseEvent(labelEvent, {
      model: text(model) || this.#defaults.model,
      id: text(id) || String(number),
      at: value(at),
      label: value(label),
    })
    return { ...event, at: event.at + (this.#defaults.labelDelayMs ?? 0) }
  }
}

function columnsOf<Fields extends object>(names: readonly string[], paths: Fields): Columns<Fields> {
  const columns = Object.entries(paths).map(([field, path]) => [field, names.indexOf(String(path))])
  return Object.fromEntries(columns) as Columns<Fields>
}

function expectCells(cells: number, columns: number): void {
  if (cells === columns) return
  const got = cells < 0 ? 'a line of more than 64 KiB' : cells > columns ? 'more' : String(cells)
  throw new DriftstreamError('EVENT_INVALID', `expected ${columns} cells, got ${got}`)
}
