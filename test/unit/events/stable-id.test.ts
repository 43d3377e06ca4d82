import { describe, expect, it } from 'vitest'
import { fnv1a64, stableId } from '../../../src/events/stable-id.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('fnv1a64', () => {
  // Test vectors of draft-eastlake-fnv, appendix C.
  it.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['b', 'af63df4c8601f1a5'],
    ['foobar', '85944171f73967e8'],
    ['chongo was here!\n', '46810940eff5f915'],
  ])('of %j is %s', (text, expected) => {
    expect(fnv1a64(ascii(text))).toBe(expected)
  })
})

describe('stableId', () => {
  it('is 16 hex digits and the same at every call', () => {
    expect(stableId('flights', '1', 987_000)).toMatch(/^[0-9a-f]{16}$/)
    expect(stableId('flights', '1', 987_000)).toBe(stableId('flights', '1', 987_000))
  })

  it('never changes: ids in a log outlive the process that wrote them', () => {
    expect(stableId('flights', '1', 'data', 984355200000)).toBe('a42cc30e502465c7')
  })

  it.each([
    [
      ['a', 'bc'],
      ['ab', 'c'],
    ],
    [['a', ''], ['a']],
    [[1], ['1']],
    [
      [1, 23],
      [12, 3],
    ],
    [['s1:a'], ['a']],
    [['\ud800'], ['\ud801']],
    [[], ['']],
  ])('tells %j from %j', (left, right) => {
    expect(stableId(...left)).not.toBe(stableId(...right))
  })

  it('gives 100 000 like-named parts 100 000 ids', () => {
    const ids = new Set<string>()
    for (let index = 0; index < 100_000; index++) {
      ids.add(stableId('flights', index % 7, 'performance', index * 60_000))
    }
    expect(ids.size).toBe(100_000)
  })

  it('differs in about half of the bits when one character differs', () => {
    const bits = (id: string): number => BigInt(`0x${id}`).toString(2).replaceAll('0', '').length
    let sum = 0
    for (let index = 0; index < 1000; index++) {
      const left = BigInt(`0x${stableId('m', index, 'x')}`)
      const right = BigInt(`0x${stableId('m', index + 1, 'x')}`)
      sum += bits((left ^ right).toString(16))
    }
    expect(sum / 1000).toBeGreaterThan(24)
    expect(sum / 1000).toBeLessThan(40)
  })
})
