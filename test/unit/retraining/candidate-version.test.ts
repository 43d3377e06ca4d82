import { describe, expect, it } from 'vitest'
import { candidateVersion } from '../../../src/retraining/candidate-version.ts'

describe('candidateVersion', () => {
  it.each([
    ['1', null, '2'],
    ['1', '2', '3'],
    ['9', '7', '10'],
    ['1', 'v2', '2'],
    ['0', null, '1'],
    ['2026-05', null, '2026-05.r1'],
    ['2026-05', '2026-05.r3', '2026-05.r4'],
    ['2026-05.r1', '2026-05.r3', '2026-05.r4'],
    ['2026-05.r4', '2026-05.r4', '2026-05.r5'],
    ['v2', 'v1.r7', 'v2.r1'],
    ['v2', '3', 'v2.r1'],
    ['007', null, '007.r1'],
    ['1.0', null, '1.0.r1'],
    ['.r1', '.r1', '.r2'],
    ['1e9', null, '1e9.r1'],
  ])('after champion %s and candidate %s comes %s', (champion, last, expected) => {
    expect(candidateVersion(champion, last)).toBe(expected)
  })

  it('never repeats itself and keeps within 100 characters, however long the name', () => {
    const champion = 'v'.repeat(100)
    const names: string[] = []
    for (let round = 0; round < 20; round++) names.push(candidateVersion(champion, names.at(-1) ?? null))
    expect(new Set(names).size).toBe(20)
    expect(Math.max(...names.map((name) => name.length))).toBeLessThanOrEqual(100)
    expect(candidateVersion(names[19]!, names[19]!)).toBe(`${'v'.repeat(83)}.r21`)
  })
})
