import { stripVTControlCharacters } from 'node:util'

/** The part of vitest's JSON report that is counted. */
export interface TestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/**
 * Passed, failed and skipped tests of a run. A file that failed without a failing test (it could not be
 * loaded, or its set-up broke) counts as one failure: none of its tests ran, so none is counted elsewhere.
 */
export function testCounts(report: TestReport): TestCounts {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Vitest's summary: from the last line that counts test files to the one that tells the duration. */
export function summaryLines(output: string): readonly string[] {
  const lines = stripVTControlCharacters(output).split('\n')
  const first = lines.findLastIndex((line) => /^\s*Test Files {2}/.test(line))
  if (first === -1) return []
  const length = lines.slice(first).findIndex((line) => /^\s*Duration {2}/.test(line))
  return lines.slice(first, length === -1 ? lines.length : first + length + 1)
}
