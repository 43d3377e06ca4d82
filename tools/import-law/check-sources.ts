import { parseSync } from 'oxc-parser'
import { findCycles } from './find-cycles.ts'
import { findImports, type ImportUse } from './find-imports.ts'
import { findImpureUses } from './find-impure-uses.ts'
import { PACKAGE_FOLDERS, PURE_PACKAGES, ROOMS, type Room, SUB_ROOMS } from './law.ts'
import { resolveImport } from './resolve-import.ts'
import type { SyntaxNode } from './syntax-tree.ts'

export interface Breach {
  /** Path under the source folder. */
  readonly file: string
  readonly line: number
  readonly what: string
  readonly why: string
}

export interface Verdict {
  readonly breaches: readonly Breach[]
  readonly files: number
  readonly imports: number
}

/**
 * Holds sources to the law. Keys are paths under the source folder (`steps/observe.ts`); `dependencies` are
 * the packages that are there at run time.
 */
export function checkSources(
  sources: ReadonlyMap<string, string>,
  dependencies: ReadonlySet<string>,
): Verdict {
  const breaches: Breach[] = []
  const graph = new Map<string, Map<string, number>>()
  let imports = 0
  for (const [file, text] of [...sources].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const lineOf = (start: number) => text.slice(0, start).split('\n').length
    const add = (line: number, what: string, why: string) => breaches.push({ file, line, what, why })
    const edges = new Map<string, number>()
    graph.set(file, edges)

    const room = roomOf(file)
    if (room === null) {
      add(1, 'stands in no room', `a source file is a .ts file in one of ${names(ROOMS)}`)
      continue
    }
    const { program, comments, errors } = parseSync(file, text)
    for (const { message } of errors) add(1, `cannot be read: ${message}`, 'what is not read is not checked')

    const syntax = program as unknown as SyntaxNode
    for (const use of findImports(syntax, comments)) {
      imports++
      const line = lineOf(use.start)
      const target = use.specifier === null ? null : resolveImport(use.specifier, file)
      if (target?.kind === 'file' && sources.has(target.file)) edges.set(target.file, line)
      const why = whyNot(use, file, room, sources, dependencies)
      if (why !== null) add(line, use.text, why)
    }
    if (!isPure(file, room)) continue
    for (const { what, why, start } of findImpureUses(syntax))
      add(lineOf(start), what, `${room.name} is pure: ${why}`)
  }
  for (const cycle of findCycles(new Map([...graph].map(([file, edges]) => [file, new Set(edges.keys())])))) {
    const [file, next] = cycle as [string, string]
    const what = `imports in a circle: ${cycle.join(' → ')}`
    breaches.push({
      file,
      line: graph.get(file)!.get(next)!,
      what,
      why: 'none of these can be read without all',
    })
  }
  return { breaches, files: sources.size, imports }
}

/** The reason why a file may not name a module so, or null where it may. */
function whyNot(
  use: ImportUse,
  file: string,
  room: Room,
  sources: ReadonlyMap<string, string>,
  dependencies: ReadonlySet<string>,
): string | null {
  if (use.kind === 'hidden' || use.specifier === null) return 'what this law cannot see it cannot keep'
  const target = resolveImport(use.specifier, file)
  switch (target.kind) {
    case 'file':
      if (!sources.has(target.file)) return `there is no ${target.file}`
      return whyNotFile(use, file, room, target.file)
    case 'builtin':
      if (target.bare) return `write node:${use.specifier}, so that no package can take its place`
      return isPure(file, room) ? `${room.name} is pure: I/O and the host belong to an edge` : null
    case 'package':
      return whyNotPackage(file, room, target.name, dependencies)
    case 'outside':
      return 'the sources stand alone: nothing outside their folder is built or published'
    case 'unknown':
      return 'expected a relative path, a node: module or a package'
  }
}

function whyNotFile(use: ImportUse, file: string, room: Room, target: string): string | null {
  const targetRoom = roomOf(target)
  if (targetRoom === null) return `${target} stands in no room`
  const before = ROOMS.slice(0, ROOMS.indexOf(room))
  if (targetRoom !== room && !before.includes(targetRoom)) {
    const allowed = before.length === 0 ? 'nothing but itself' : `only ${names(before)}`
    return `${targetRoom.name} stands behind ${room.name}, which may import ${allowed}`
  }
  const subRoom = SUB_ROOMS.find(({ folder }) => isIn(target, folder))
  if (subRoom === undefined || isIn(file, subRoom.folder) || subRoom.importers.includes(room.name))
    return null
  if (use.kind === 'type' && subRoom.typeImporters.includes(room.name)) return null
  return `only ${subRoom.importers.join(' and ')} may import ${subRoom.folder}`
}

function whyNotPackage(
  file: string,
  room: Room,
  name: string,
  dependencies: ReadonlySet<string>,
): string | null {
  if (!dependencies.has(name)) return `${name} is no dependency at run time`
  if (isPure(file, room) && !PURE_PACKAGES.has(name)) {
    return `${room.name} is pure and may use only ${[...PURE_PACKAGES].join(', ')}`
  }
  const folder = PACKAGE_FOLDERS.get(name)
  return folder === undefined || isIn(file, folder) ? null : `only ${folder} may know ${name}`
}

function roomOf(file: string): Room | null {
  const [name] = file.split('/')
  if (!file.endsWith('.ts') || !file.includes('/')) return null
  return ROOMS.find((room) => room.name === name) ?? null
}

function isPure(file: string, room: Room): boolean {
  return SUB_ROOMS.find(({ folder }) => isIn(file, folder))?.pure ?? room.pure
}

function isIn(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`)
}

function names(rooms: readonly Room[]): string {
  return rooms.map(({ name }) => name).join(', ')
}
