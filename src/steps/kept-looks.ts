import type { Finding } from '../events/finding.ts'

/**
 * A window whose values have grown by this share since it was judged is judged again, once: what came late
 * may have changed what it shows. The budget counts that look.
 */
const CORRECTED_SHARE = 0.1

/** What a window showed when it was judged. Plain data. */
export interface KeptLook {
  readonly fromMs: number
  readonly toMs: number
  /** Values it held then. */
  readonly n: number
  /** Whether this was the look after a correction, of which there is one a move. */
  readonly isCorrection: boolean
  readonly findings: Readonly<Record<string, readonly Finding[]>>
}

interface JudgedRange {
  readonly fromMs: number
  readonly toMs: number
}

/** The last looks at the windows of one version against one reference. Plain data. */
export interface KeptLooks {
  readonly version: string
  readonly referenceId: string
  readonly byWindow: Map<string, KeptLook>
}

/** The looks of this version by this reference: those there are, or none yet. */
export function keptLooksOf(known: KeptLooks | null, version: string, referenceId: string): KeptLooks {
  if (known?.version === version && known.referenceId === referenceId) return known
  return { version, referenceId, byWindow: new Map() }
}

/** How many windows were looked at since the looks were those of `before`. */
export function looksSince({ byWindow }: KeptLooks, before: ReadonlyMap<string, KeptLook>): number {
  let looks = 0
  for (const [name, look] of byWindow) if (before.get(name) !== look) looks++
  return looks
}

/**
 * What a window shows: judged where it has moved since the last look, or was corrected by much; else what it
 * showed then, and not judged. A window that stands still is no new evidence, and every look has its price.
 * @param name of the window: what it is of, and its level
 * @param n values it holds
 */
export function lookAt<Kind extends string>(
  looks: KeptLooks,
  name: string,
  window: JudgedRange,
  n: number,
  judge: () => Readonly<Record<Kind, readonly Finding[]>>,
): { readonly shown: Readonly<Record<Kind, readonly Finding[]>>; readonly isJudged: boolean } {
  const stood = standingLook<Kind>(looks, name, window, n)
  if (stood !== null) return { shown: stood, isJudged: false }
  const shown = judge()
  keepLook(looks, name, window, n, shown)
  return { shown, isJudged: true }
}

/** What a window showed that has neither moved since nor was corrected by much; null where it is to be judged. */
export function standingLook<Kind extends string>(
  { byWindow }: KeptLooks,
  name: string,
  window: JudgedRange,
  n: number,
): Readonly<Record<Kind, readonly Finding[]>> | null {
  const last = byWindow.get(name)
  if (last === undefined || !isOf(last, window)) return null
  if (!last.isCorrection && n - last.n >= last.n * CORRECTED_SHARE) return null
  return last.findings as Readonly<Record<Kind, readonly Finding[]>>
}

/** Keeps what a window showed when it was judged, for as long as it stands still. */
export function keepLook(
  { byWindow }: KeptLooks,
  name: string,
  window: JudgedRange,
  n: number,
  findings: Readonly<Record<string, readonly Finding[]>>,
): void {
  const last = byWindow.get(name)
  const isCorrection = last !== undefined && isOf(last, window)
  byWindow.set(name, { fromMs: window.fromMs, toMs: window.toMs, n, isCorrection, findings })
}

function isOf(look: KeptLook, { fromMs, toMs }: JudgedRange): boolean {
  return look.fromMs === fromMs && look.toMs === toMs
}
