export interface UnitConversion {
  readonly from: string
  readonly to: string
  /** A number of `from` times the factor is the number of `to`. */
  readonly factor: number
}

/**
 * Mix-ups of units that happen to data. Only factors listed here make a data-quality finding: prices that
 * rise by a third or waits that double are multiples of the reference, too, and no fault of the pipe.
 */
const CONVERSIONS: readonly UnitConversion[] = [
  { from: 'miles', to: 'kilometres', factor: 1.609344 },
  { from: 'nautical miles', to: 'kilometres', factor: 1.852 },
  { from: 'feet', to: 'metres', factor: 0.3048 },
  { from: 'inches', to: 'centimetres', factor: 2.54 },
  { from: 'inches', to: 'millimetres', factor: 25.4 },
  { from: 'feet', to: 'inches', factor: 12 },
  { from: 'pounds', to: 'kilograms', factor: 0.45359237 },
  { from: 'ounces', to: 'grams', factor: 28.349523125 },
  { from: 'gallons', to: 'litres', factor: 3.785411784 },
  { from: 'metres per second', to: 'kilometres per hour', factor: 3.6 },
  { from: 'psi', to: 'kilopascals', factor: 6.894757293 },
  { from: 'kilocalories', to: 'kilojoules', factor: 4.184 },
  { from: 'degrees', to: 'radians', factor: Math.PI / 180 },
  { from: 'minutes', to: 'seconds', factor: 60 },
  { from: 'hours', to: 'seconds', factor: 3600 },
  { from: 'days', to: 'hours', factor: 24 },
  { from: 'weeks', to: 'days', factor: 7 },
  { from: 'kibibytes', to: 'bytes', factor: 1024 },
  { from: 'units', to: 'tenths', factor: 10 },
  { from: 'units', to: 'hundredths', factor: 100 },
  { from: 'units', to: 'thousandths', factor: 1000 },
  { from: 'units', to: 'millionths', factor: 1e6 },
]

/** How far a measured factor may be from the conversion's, relatively. */
const TOLERANCE = 0.02

/** The conversion, in either direction, whose factor is nearest to `factor`; null where none is within 2 %. */
export function nearestConversion(factor: number): UnitConversion | null {
  let nearest: UnitConversion | null = null
  let least = TOLERANCE
  for (const { from, to, factor: known } of CONVERSIONS) {
    for (const conversion of [
      { from, to, factor: known },
      { from: to, to: from, factor: 1 / known },
    ]) {
      const off = Math.abs(Math.log(factor / conversion.factor))
      if (off <= least) {
        nearest = conversion
        least = off
      }
    }
  }
  return nearest
}
