/** Leaves room for `.r` and 15 digits in the 100 characters that events allow a version. */
const BASE_LENGTH_MAX = 83

const INTEGER = /^(?:0|[1-9]\d{0,14})$/
const RETRAINED = /^(.*)\.r([1-9]\d{0,14})$/s

/**
 * The name of the next candidate: `3` after champion `2`, `2026-05.r1` after `2026-05`, `2026-05.r2` after
 * that. A name that was given once (`last`, the candidate before, promoted or not) is not given again: its
 * artifact and its traces keep their meaning.
 */
export function candidateVersion(champion: string, last: string | null): string {
  if (INTEGER.test(champion)) {
    const before = last !== null && INTEGER.test(last) ? Number(last) : 0
    return String(Math.max(Number(champion), before) + 1)
  }
  const own = splitName(champion)
  const before = last === null ? null : splitName(last)
  const round = before?.base === own.base ? Math.max(before.round, own.round) : own.round
  return `${own.base}.r${round + 1}`
}

function splitName(version: string): { base: string; round: number } {
  const match = RETRAINED.exec(version)
  const [base, round] = match === null ? [version, 0] : [match[1] ?? '', Number(match[2])]
  return { base: base.slice(0, BASE_LENGTH_MAX), round }
}
