import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'

const BUILDING = '.building-'
const ABANDONED_AFTER_MS = 3_600_000

/** A place in the user's cache folder, outside the repository. */
export function cachedUnder(name: string): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'driftstream', name)
}

/**
 * Builds a folder unless it is there.
 *
 * Built under a name of its own and renamed into place, so a half-made one is never seen and two processes
 * may race: the second finds the name taken and drops its own.
 */
export async function buildOnce(target: string, build: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return
  await mkdir(dirname(target), { recursive: true })
  await sweepAbandoned(target)
  const building = await mkdtemp(`${target}${BUILDING}`)
  try {
    await build(building)
    await rename(building, target).catch((error) => {
      if (!existsSync(target)) throw error
    })
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

/** Removes what processes that were killed while they built have left behind. */
async function sweepAbandoned(target: string): Promise<void> {
  const prefix = `${basename(target)}${BUILDING}`
  for (const name of await readdir(dirname(target))) {
    const path = join(dirname(target), name)
    if (!name.startsWith(prefix)) continue
    // It may be gone by now: another process sweeps as well.
    const made = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    )
    if (Date.now() - made > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true })
  }
}
