import { readFileSync } from 'node:fs'
import { summaryLines, type TestReport, testCounts } from './test-counts.ts'

/** `closing-lines <output> <report>`: vitest's own summary again, and the counts in one plain line, last. */
const [outputPath = '', reportPath = ''] = process.argv.slice(2)

const lines = [...summaryLines(readText(outputPath))]
const report = readText(reportPath)
if (report === '') {
  lines.push('no test report: the test run did not come to its end')
  process.exitCode = 1
} else {
  const { passed, failed, skipped } = testCounts(JSON.parse(report) as TestReport)
  lines.push(`${passed} passed, ${failed} failed, ${skipped} skipped`)
}
process.stdout.write(`${lines.join('\n')}\n`)

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
