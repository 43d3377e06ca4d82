import { describe, expect, it } from 'vitest'
import { printable, renderTable } from '../../../src/cli/text-table.ts'

describe('renderTable', () => {
  it('lines texts up on the left and numbers on the right', () => {
    const table = renderTable(
      [
        { heading: 'name', align: 'left' },
        { heading: 'n', align: 'right' },
        { heading: 'note', align: 'left' },
      ],
      [
        ['distance', '12', ''],
        ['x', '1234', 'far'],
      ],
    )
    expect(table).toBe(['name         n  note', 'distance    12', 'x         1234  far'].join('\n'))
  })

  it('has headings alone where there are no rows', () => {
    expect(renderTable([{ heading: 'model', align: 'left' }], [])).toBe('model')
  })
})

describe('printable', () => {
  it('moves no cursor and starts no line', () => {
    expect(printable('a\u001b[2Jb\nc\u202e\u2028')).toBe('a\\u001b[2Jb\\u000ac\\u202e\\u2028')
  })

  it('cuts what is too long', () => {
    expect(printable('k'.repeat(100))).toHaveLength(60)
    expect(printable('k'.repeat(60))).toBe('k'.repeat(60))
  })
})
