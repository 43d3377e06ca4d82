import { describe, expect, it } from 'vitest'
import { readScalar, readYaml } from '../../../src/config/read-yaml.ts'

describe('readYaml', () => {
  it.each([
    ['a mapping that breaks off', 'kafka: [a\nlog: b', 'line 2, column 1', '"log: b"'],
    ['a key given twice', 'group: a\ngroup: b', 'line 2, column 1', '"group: b"'],
    ['a tab as indentation', 'kafka:\n\tclientId: a', 'line 2, column 1', '"clientId: a"'],
    ['an unknown tag', 'group: !secret a', 'line 1, column 8', '"group: !secret a"'],
    ['a second document', 'group: a\n---\ngroup: b', 'line 2, column 1', '"---"'],
  ])('tells line and column of %s', (_what, text, path, got) => {
    const { faults } = readYaml(text)
    expect(faults.map((fault) => [fault.path, fault.expected, fault.got])).toEqual([
      [path, 'well-formed YAML', got],
    ])
    expect(faults[0]?.hint).toBeTruthy()
  })

  it('shares what an alias shares and refuses what contains itself', () => {
    expect(readYaml('a: &x { b: 1 }\nc: *x').tree).toEqual({ a: { b: 1 }, c: { b: 1 } })
    expect(readYaml('a: { b: &x [1, *x] }').faults).toEqual([
      { path: 'a.b[1]', expected: 'a value', got: 'an alias of something it lies in' },
    ])
  })

  it('names an alias of nothing', () => {
    const [fault] = readYaml('group: a\nlog: *missing').faults
    expect(fault?.path).toBe('the configuration')
    expect(fault?.got).toMatch(/alias.*missing/)
  })

  it('refuses a document that aliases blow up', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (const [name, from] of ['ba', 'cb', 'dc', 'ed']) {
      lines.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${from}`).join(', ')}]`)
    }
    const { faults } = readYaml(lines.join('\n'))
    expect(faults.map(({ path }) => path)).toEqual(['the configuration'])
  })

  it('refuses nesting deeper than the stack, and does not break', () => {
    const deep = '['.repeat(100_000)
    expect(readYaml(deep).faults.length).toBeGreaterThan(0)
  })

  it('takes an empty document for an empty section', () => {
    expect(readYaml('# nothing here\n')).toEqual({ tree: {}, faults: [] })
  })
})

describe('readScalar', () => {
  it.each([
    ['2', 2],
    ['true', true],
    ['1h', '1h'],
    ['a:1', 'a:1'],
    ['"2"', '2'],
    ['{ a: 1 }', '{ a: 1 }'],
    ['[broken', '[broken'],
    ['', ''],
  ])('%s', (text, value) => {
    expect(readScalar(text)).toBe(value)
  })
})
