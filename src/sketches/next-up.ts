const view = new DataView(new ArrayBuffer(8))

/**
 * The least double greater than `x`.
 * NaN and Infinity are returned as they are; both zeros give the least positive double.
 * Source: IEEE 754-2019, 5.3.1, `nextUp`.
 */
export function nextUp(x: number): number {
  if (Number.isNaN(x) || x === Number.POSITIVE_INFINITY) return x
  if (x === 0) return Number.MIN_VALUE
  // Doubles of one sign are ordered like their bit patterns read as integers.
  view.setFloat64(0, x)
  const bits = view.getBigInt64(0)
  view.setBigInt64(0, x > 0 ? bits + 1n : bits - 1n)
  return view.getFloat64(0)
}
