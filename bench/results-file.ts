import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import type { Measurement } from './figure-process.ts'
import type { ReportLine } from './report-line.ts'

/** A line with what it was made of: one value a process, and the times of each side. */
export interface ResultLine extends ReportLine {
  readonly measurements: readonly Measurement[]
}

const FOLDER = join(import.meta.dirname, 'results')

/**
 * Writes what was measured, and on what, to `results/latest.json`; with `keep` also to a file named by date
 * and kind of machine, to be committed. Names of another
 * bench begin with `name`. Returns the paths written.
 */
export function writeResults(
  lines: readonly ResultLine[],
  {
    at,
    quick,
    keep,
    name = '',
  }: { readonly at: Date; readonly quick: boolean; readonly keep: boolean; readonly name?: string },
): string[] {
  const cores = availableParallelism()
  const results = {
    at: at.toISOString(),
    commit: commit(),
    node: process.version,
    machine: { cores, cpu: cpus()[0]?.model ?? 'unknown', platform: `${process.platform} ${process.arch}` },
    quick,
    lines: lines.map((line) => ({
      ...line,
      value: Number.isFinite(line.value) ? line.value : String(line.value),
    })),
  }
  const kept = `${name}${at.toISOString().slice(0, 10)}-${cores}-cores.json`
  const names = [`${name}latest.json`, ...(keep ? [kept] : [])]
  const paths = names.map((name) => join(FOLDER, name))
  mkdirSync(FOLDER, { recursive: true })
  for (const path of paths) writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`)
  return paths
}

/** The commit measured, marked where the sources differ from it; null outside a clone. */
function commit(): string | null {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: FOLDER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    const changed = git('status', '--porcelain', '--', ':/src', ':/bench') !== ''
    return `${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`
  } catch {
    return null
  }
}
