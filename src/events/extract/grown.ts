/** A column as it is where it has room for `size` values, otherwise a copy with room for twice as many. */
export function grown<Column extends Int32Array | Float64Array | Uint8Array>(
  column: Column,
  size: number,
): Column {
  if (column.length >= size) return column
  const larger = new (column.constructor as new (length: number) => Column)(2 * size)
  larger.set(column)
  return larger
}
