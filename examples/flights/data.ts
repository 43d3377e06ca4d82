import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type ColumnData, parquetMetadata, parquetRead } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { DriftstreamError } from '../../src/errors/driftstream-error.ts'
import { DAY_MS } from './calendar.ts'

/**
 * Flights in order of departure, one entry a flight in every column. The arrays are views: read only.
 * Source: npm `vega-datasets`, `flights-3m.parquet`, 3 000 000 US flights of the first half of 2001.
 */
export interface Flights {
  readonly length: number
  /** Row number of the first flight in the file: with it every flight has a name of its own. */
  readonly firstRow: number
  /** Departure, epoch ms, the airport's wall clock read as UTC. */
  readonly date: Float64Array
  /** Minutes late on arrival, negative when early. */
  readonly delay: Int16Array
  /** Miles. */
  readonly distance: Int16Array
  /** Index into `airports`, or `NO_AIRPORT`. */
  readonly origin: Uint16Array
  readonly destination: Uint16Array
  /** Grows while the file is read; an index, once given, stays. */
  readonly airports: readonly string[]
}

export const NO_AIRPORT = 0xffff

const columns = ['date', 'delay', 'distance', 'origin', 'destination']

/**
 * Where the installed package keeps the file, which its `exports` hide.
 * @throws DEMO_UNAVAILABLE when the package is not installed
 */
function flightsUrl(): URL {
  try {
    return new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))
  } catch (cause) {
    throw unavailable('the package is not installed', {}, cause)
  }
}

/**
 * Reads the file one row group at a time (11 groups of about 16 days), so that playing can start after
 * the first groups and the rest is decoded when it is asked for.
 * @throws DEMO_UNAVAILABLE when the file is absent, unreadable, or lacks a column
 */
export async function* readFlights(url: URL = flightsUrl()): AsyncGenerator<Flights> {
  const path = fileURLToPath(url)
  const file = await readFile(path).then(
    (bytes) => bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    (cause) => Promise.reject(unavailable('the file cannot be read', { path }, cause)),
  )
  const airports = new AirportNames()
  try {
    const metadata = parquetMetadata(file)
    let firstRow = 0
    for (const group of metadata.row_groups) {
      const length = Number(group.num_rows)
      const flights = emptyFlights(length, firstRow, airports.names)
      let filled = 0
      await parquetRead({
        file,
        metadata,
        compressors,
        columns,
        rowStart: firstRow,
        rowEnd: firstRow + length,
        // Dates come out of a dictionary: one conversion serves many rows.
        parsers: { timestampFromMicroseconds: (micros) => Number(micros) / 1000 },
        onChunk: (chunk) => {
          filled += copyColumn(chunk, flights, airports)
        },
      })
      if (filled !== columns.length * length) {
        throw new Error(`expected ${columns.length * length} values in the row group, got ${filled}`)
      }
      yield flights
      firstRow += length
    }
  } catch (cause) {
    if (cause instanceof DriftstreamError) throw cause
    throw unavailable('the file is not the parquet file expected', { path }, cause)
  }
}

/** Cuts row groups into days, each complete: what plants and the stream work on. */
export async function* flightDays(groups: AsyncIterable<Flights>): AsyncGenerator<Flights> {
  let rest: Flights | null = null
  for await (const group of groups) {
    const flights: Flights = rest === null ? group : joinFlights(rest, group)
    let from = 0
    for (let i = 1; i < flights.length; i++) {
      if (dayOf(flights, i) === dayOf(flights, i - 1)) continue
      yield sliceFlights(flights, from, i)
      from = i
    }
    rest = sliceFlights(flights, from, flights.length)
  }
  if (rest !== null && rest.length > 0) yield rest
}

/** Flights `from` (included) to `to` (excluded), sharing memory with the whole. */
function sliceFlights(flights: Flights, from: number, to: number): Flights {
  return {
    length: to - from,
    firstRow: flights.firstRow + from,
    date: flights.date.subarray(from, to),
    delay: flights.delay.subarray(from, to),
    distance: flights.distance.subarray(from, to),
    origin: flights.origin.subarray(from, to),
    destination: flights.destination.subarray(from, to),
    airports: flights.airports,
  }
}

function joinFlights(a: Flights, b: Flights): Flights {
  const joined = emptyFlights(a.length + b.length, a.firstRow, b.airports)
  for (const [part, at] of [[a, 0] as const, [b, a.length] as const]) {
    joined.date.set(part.date, at)
    joined.delay.set(part.delay, at)
    joined.distance.set(part.distance, at)
    joined.origin.set(part.origin, at)
    joined.destination.set(part.destination, at)
  }
  return joined
}

function emptyFlights(length: number, firstRow: number, airports: readonly string[]): Flights {
  return {
    length,
    firstRow,
    date: new Float64Array(length),
    delay: new Int16Array(length),
    distance: new Int16Array(length),
    origin: new Uint16Array(length),
    destination: new Uint16Array(length),
    airports,
  }
}

function dayOf(flights: Flights, i: number): number {
  return Math.floor(flights.date[i]! / DAY_MS)
}

/** Returns how many values it copied; a column it does not know is 0. */
function copyColumn(chunk: ColumnData, flights: Flights, airports: AirportNames): number {
  const values = chunk.columnData
  const at = chunk.rowStart - flights.firstRow
  switch (chunk.columnName) {
    case 'date':
      for (let i = 0; i < values.length; i++) flights.date[at + i] = values[i]
      break
    case 'delay':
      for (let i = 0; i < values.length; i++) flights.delay[at + i] = Number(values[i])
      break
    case 'distance':
      for (let i = 0; i < values.length; i++) flights.distance[at + i] = Number(values[i])
      break
    case 'origin':
      for (let i = 0; i < values.length; i++) flights.origin[at + i] = airports.indexOf(values[i])
      break
    case 'destination':
      for (let i = 0; i < values.length; i++) flights.destination[at + i] = airports.indexOf(values[i])
      break
    default:
      return 0
  }
  return values.length
}

class AirportNames {
  readonly names: string[] = []
  readonly #index = new Map<string, number>()

  indexOf(name: string): number {
    const known = this.#index.get(name)
    if (known !== undefined) return known
    const index = this.names.length
    this.names.push(name)
    this.#index.set(name, index)
    return index
  }
}

function unavailable(reason: string, context: Record<string, string>, cause: unknown): DriftstreamError {
  return new DriftstreamError(
    'DEMO_UNAVAILABLE',
    `expected flights-3m.parquet of the npm package vega-datasets, but ${reason}; ` +
      'the demo runs in a checkout of driftstream after `npm ci`',
    context,
    { cause },
  )
}
