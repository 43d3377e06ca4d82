import { describe, expect, it } from 'vitest'
import { decimal, percent } from '../../../src/detectors/wording.ts'

describe('percent', () => {
  it.each([
    [0, '0.0 %'],
    [0.3101, '31.0 %'],
    [1, '100.0 %'],
    [0.001, '0.1 %'],
    [0.00042, '0.042 %'],
    [0.0000021, '0.00021 %'],
    [Number.NaN, 'an unknown share'],
  ])('of %d is %s', (share, text) => {
    expect(percent(share)).toBe(text)
  })
})

describe('decimal', () => {
  it.each([
    [0, '0'],
    [0.43211, '0.432'],
    [-0.000123456, '-0.000123'],
    [12.345, '12.3'],
    [328, '328'],
    [51234.5, '51235'],
    [1.5e300, '1.50e+300'],
    [Infinity, 'Infinity'],
  ])('of %d is %s', (value, text) => {
    expect(decimal(value)).toBe(text)
  })
})
