/** A run of so many rows is copied faster by the engine than row by row. */
const LONG_RUN = 32

type NumberColumn = Float64Array | Int32Array | Uint16Array | Uint8Array

/** A column of numbers as `IdColumns.relay` wants it, written into a larger or smaller one. */
export function relaid<Column extends NumberColumn>(column: Column, runs: Int32Array, into: Column): Column {
  let row = 0
  for (let run = 0; run < runs.length; run += 2) {
    const [from, count] = [runs[run]!, runs[run + 1]!]
    if (count < LONG_RUN)
      for (let index = 0; index < count; index++) into[row + index] = column[from + index]!
    else into.set(column.subarray(from, from + count), row)
    row += count
  }
  return into
}

/** The same for a list of anything but numbers, which engines may box in lists. */
export function relaidList<Value>(list: readonly Value[], runs: Int32Array, capacity: number): Value[] {
  const into = new Array<Value>(capacity)
  let row = 0
  for (let run = 0; run < runs.length; run += 2) {
    const end = runs[run]! + runs[run + 1]!
    for (let index = runs[run]!; index < end; index++) into[row++] = list[index]!
  }
  return into
}
