import { describe, expect, it } from 'vitest'
import { formatJsonLines, formatTable, report, reportLine } from '../../../bench/report-line.ts'

const figure = { id: 'ks', measure: 'certified error', unit: '' }

const LINES = [
  reportLine({
    id: 'observe',
    measure: 'events counted',
    value: 1_234_567.8,
    unit: 'events/s',
    goal: '>= 1e6',
  }),
  reportLine({ ...figure, value: 0.002_134_56, goal: '< 0.002' }),
  reportLine({ id: 'share', measure: 'share', value: 1e-9, unit: '', goal: null }),
]

describe('reportLine', () => {
  it.each([
    [0.0019, '< 0.002', true],
    [0.002, '< 0.002', false],
    [0.002, '<= 0.002', true],
    [0.002, '> 0.002', false],
    [1e6, '>= 1e6', true],
    [0, '= 0', true],
    [1, '= 0', false],
    [Number.NaN, '<= 1', false],
    [Number.NaN, '>= 1', false],
    [-1, '> -2.5', true],
  ])('%d against %s: %s', (value, goal, met) => {
    expect(reportLine({ ...figure, value, goal })).toEqual({ ...figure, value, goal, met })
  })

  it('judges nothing without a goal', () => {
    expect(reportLine({ ...figure, value: 1, goal: null }).met).toBeNull()
  })

  it.each(['0.002', '<0.002', 'about 3', '< ', '== 1', '=< 1', '< 1 ms'])('refuses the goal "%s"', (goal) => {
    expect(() => reportLine({ ...figure, value: 1, goal })).toThrow(
      `expected a goal such as "< 0.002", got "${goal}"`,
    )
  })
})

describe('formatJsonLines', () => {
  it('is one object a line, with the fields in their order', () => {
    expect(formatJsonLines(LINES).split('\n')).toEqual([
      '{"id":"observe","measure":"events counted","value":1234567.8,"unit":"events/s","goal":">= 1e6","met":true}',
      '{"id":"ks","measure":"certified error","value":0.00213456,"unit":"","goal":"< 0.002","met":false}',
      '{"id":"share","measure":"share","value":1e-9,"unit":"","goal":null,"met":null}',
      '',
    ])
  })

  it('does not turn what JSON cannot hold into null', () => {
    const line = reportLine({ ...figure, value: Number.POSITIVE_INFINITY, goal: '< 1' })
    expect(JSON.parse(formatJsonLines([line]))).toMatchObject({ value: 'Infinity', met: false })
  })
})

describe('formatTable', () => {
  it('lines up', () => {
    expect(formatTable(LINES, false).split('\n')).toEqual([
      'id       measure              value  unit      goal     met',
      'observe  events counted   1,234,568  events/s  >= 1e6   yes',
      'ks       certified error   0.002135            < 0.002  NO',
      'share    share             1.000e-9',
      '',
    ])
  })

  it('lines up in colour too', () => {
    const sequence = '\u001b['
    const coloured = formatTable(LINES, true)
    expect(coloured).toContain(`${sequence}32myes${sequence}39m`)
    expect(coloured).toContain(`${sequence}31mNO${sequence}39m`)
    const plain = coloured
      .replaceAll(`${sequence}32m`, '')
      .replaceAll(`${sequence}31m`, '')
      .replaceAll(`${sequence}39m`, '')
    expect(plain).toBe(formatTable(LINES, false))
  })
})

describe('report', () => {
  const printed = (lines: typeof LINES, args: string[]) => {
    let text = ''
    const met = report(lines, args, { write: (part) => (text += part) })
    return { text, met }
  }

  it('prints what the command line asks for', () => {
    expect(printed(LINES, []).text).toBe(formatTable(LINES, false))
    expect(printed(LINES, ['--fast', '--json']).text).toBe(formatJsonLines(LINES))
  })

  it('is true when no goal was missed', () => {
    expect(printed(LINES, []).met).toBe(false)
    expect(
      printed(
        LINES.filter(({ id }) => id !== 'ks'),
        [],
      ).met,
    ).toBe(true)
  })
})
