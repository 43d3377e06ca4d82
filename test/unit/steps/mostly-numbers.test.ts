import { expect, it } from 'vitest'
import { MostlyNumbers } from '../../../src/steps/mostly-numbers.ts'

it('gives every value back as it came, also after it was laid anew', () => {
  const column = new MostlyNumbers<string | boolean | Record<string, number> | undefined>()
  column.relay(new Int32Array(0), 8)
  const values = [1, -0, 'yes', Number.NaN, undefined, true, { yes: 0.5 }, Number.NEGATIVE_INFINITY]
  for (const [row, value] of values.entries()) column.put(row, value)
  for (const [row, value] of values.entries()) expect(column.at(row)).toBe(value)
  // Turned round.
  column.relay(Int32Array.from(values.flatMap((_, row) => [values.length - 1 - row, 1])), 16)
  for (const [row, value] of values.toReversed().entries()) expect(column.at(row)).toBe(value)
  expect(column.at(12)).toBeUndefined()
})

it('forgets what stood in a row before', () => {
  const column = new MostlyNumbers<string | undefined>()
  column.relay(new Int32Array(0), 2)
  column.put(0, undefined)
  expect(column.at(0)).toBeUndefined()
  column.put(0, 'text')
  column.put(0, 7)
  expect(column.at(0)).toBe(7)
  column.put(0, 'text')
  column.put(0, undefined)
  expect(column.at(0)).toBeUndefined()
})
