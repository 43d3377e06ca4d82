import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'

/** Every file under `folder` that a runtime or compiler would take for code, by its path in there. */
export function readSources(folder: string): Map<string, string> {
  const sources = new Map<string, string>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name)) continue
    const path = join(entry.parentPath, entry.name)
    sources.set(path.slice(folder.length).split(sep).filter(Boolean).join('/'), readFileSync(path, 'utf8'))
  }
  return sources
}

/** The packages a `package.json` installs where driftstream runs, and those that users add to it. */
export function readDependencies(packageJson: string): Set<string> {
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(readFileSync(packageJson, 'utf8')) as {
    dependencies?: Record<string, string>
    peerDependencies?: Record<string, string>
  }
  return new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)])
}
