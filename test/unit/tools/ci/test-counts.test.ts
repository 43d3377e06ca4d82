import { describe, expect, it } from 'vitest'
import { summaryLines, type TestReport, testCounts } from '../../../../tools/ci/test-counts.ts'

const file = (status: string, ...results: string[]) => ({
  status,
  assertionResults: results.map((result) => ({ status: result })),
})

describe('testCounts', () => {
  it('counts tests', () => {
    const report: TestReport = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [
        file('passed', 'passed', 'passed', 'pending', 'pending', 'todo'),
        file('failed', 'passed', 'failed'),
      ],
    }
    expect(testCounts(report)).toEqual({ passed: 3, failed: 1, skipped: 3 })
  })

  it('counts a file that could not be run as one failure', () => {
    const report: TestReport = {
      numPassedTests: 1,
      numFailedTests: 0,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [file('passed', 'passed'), file('failed'), file('failed', 'pending')],
    }
    expect(testCounts(report)).toEqual({ passed: 1, failed: 2, skipped: 1 })
  })
})

describe('summaryLines', () => {
  const colour = (text: string) => `\u001b[2m${text}\u001b[22m`

  it('are those of the last run, without colour', () => {
    const output = [
      ' Test Files  9 passed (9)',
      '   Duration  1s',
      `${colour(' Test Files ')} 1 failed (1)`,
      `${colour('      Tests ')} 1 failed | 2 passed (3)`,
      '   Start at  12:00:00',
      `${colour('   Duration ')} 1.31s`,
      '',
      ' Isolate  7 workers',
    ].join('\n')
    expect(summaryLines(output)).toEqual([
      ' Test Files  1 failed (1)',
      '      Tests  1 failed | 2 passed (3)',
      '   Start at  12:00:00',
      '   Duration  1.31s',
    ])
  })

  it('are none where the run broke off', () => {
    expect(summaryLines('Error: no such file\n')).toEqual([])
  })
})
