import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/**
 * What was run: the commit, and whether any of these folders had been changed, their results apart; paths as
 * in the repository. `unknown` where there is no git.
 */
export function commitOf(folders: readonly string[], results: string): string {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8', cwd: ROOT }).trim()
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ...folders)
    const isSource = (line: string) => line !== '' && !line.includes(results)
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed.split('\n').some(isSource) ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}
