import { describe, expect, it } from 'vitest'
import { ReadingProgress } from '../../../src/cli/reference-progress.ts'

const MEBIBYTE = 2 ** 20

function told(isTTY: boolean, quiet: boolean, steps: readonly number[]): string[] {
  const lines: string[] = []
  let now = 0
  const target = { isTTY, write: (text: string) => lines.push(text) }
  const progress = new ReadingProgress(target, () => now, quiet)
  progress.begin('cut 1/2')
  for (const [at, ms] of steps.entries()) {
    now = ms
    progress.tell(1_000 * (at + 1), { bytesRead: (at + 1) * MEBIBYTE, bytesTotal: 20 * MEBIBYTE })
  }
  progress.end()
  return lines
}

describe('ReadingProgress', () => {
  it('writes a plain line now and then where nobody watches', () => {
    expect(told(false, false, [1_000, 4_999, 5_000, 6_000, 10_001])).toEqual([
      'cut 1/2 [####....................] 15 %  3000 rows  3.0 of 20 MiB  600 rows/s\n',
      'cut 1/2 [######..................] 25 %  5000 rows  5.0 of 20 MiB  500 rows/s\n',
    ])
  })

  it('redraws one line on a terminal and takes it off at the end', () => {
    const lines = told(true, false, [100, 250, 400, 500])
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(line.startsWith('\r\u001b[2K')).toBe(true)
    expect(lines.join('')).not.toContain('\n')
    expect(lines.at(-1)).toBe('\r\u001b[2K')
  })

  it('is silent when asked to be', () => {
    expect(told(true, true, [10_000])).toEqual([])
    expect(told(false, true, [10_000])).toEqual([])
  })
})
