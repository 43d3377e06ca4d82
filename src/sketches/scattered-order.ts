const GOLDEN_SHARE = (Math.sqrt(5) - 1) / 2

/**
 * Visits every item once, in a fixed order that looks like none: strides of the golden share of the length.
 * A digest fed in rising order compresses worst; a shuffle would cure that, but not twice in the same way.
 */
export function visitScattered<T>(items: readonly T[], visit: (item: T) => void): void {
  const stride = coprimeNear(Math.floor(items.length * GOLDEN_SHARE), items.length)
  for (let visited = 0, at = 0; visited < items.length; visited++, at = (at + stride) % items.length) {
    visit(items[at]!)
  }
}

/** The first number from `start` upwards that shares no divisor with `length`: its strides miss no item. */
function coprimeNear(start: number, length: number): number {
  let stride = Math.max(1, start)
  while (greatestCommonDivisor(stride, length) > 1) stride++
  return stride
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
