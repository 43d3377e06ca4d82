import type { Flights } from '../../../../examples/flights/data.ts'

export interface SomeFlight {
  readonly date: number
  readonly delay?: number
  readonly distance?: number
  readonly origin?: string
  readonly destination?: string
}

/** Columns from rows: 500 miles from DEN to SLC, on time, unless told otherwise. */
export function someFlights(rows: readonly SomeFlight[], firstRow = 0): Flights {
  const airports = [...new Set(rows.flatMap((row) => [row.origin ?? 'DEN', row.destination ?? 'SLC']))]
  return {
    length: rows.length,
    firstRow,
    date: Float64Array.from(rows, (row) => row.date),
    delay: Int16Array.from(rows, (row) => row.delay ?? 0),
    distance: Int16Array.from(rows, (row) => row.distance ?? 500),
    origin: Uint16Array.from(rows, (row) => airports.indexOf(row.origin ?? 'DEN')),
    destination: Uint16Array.from(rows, (row) => airports.indexOf(row.destination ?? 'SLC')),
    airports,
  }
}
