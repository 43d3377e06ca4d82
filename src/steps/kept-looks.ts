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
 * showed then. A window that stands still is no new evidence, and every look has its price.
 * @param name of the window: what it is of, and its level
 * @param n values it holds
 */
export function lookAt<Kind extends string>(
  { byWindow }: KeptLooks,
  name: string,
  window: { readonly fromMs: number; readonly toMs: number },
  n: number,
  judge: () => Readonly<Record<Kind, readonly Finding[]>>,
): Readonly<Record<Kind, readonly Finding[]>> {
  const { fromMs, toMs } = window
  const last = byWindow.get(name)
  const stands = last !== undefined && last.fromMs === fromMs && last.toMs === toMs
  if (stands && (last.isCorrection || n - last.n < last.n * CORRECTED_SHARE)) {
    return last.findings as Readonly<Record<Kind, readonly Finding[]>>
  }
  const findings = judge()
  byWindow.set(name, { fromMs, toMs, n, isCorrection: stands, findings })
  return findings
}
