/** Who names whom: every file with the files it imports. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>

/**
 * One shortest cycle through each knot of files that import each other, starting at its first file by name.
 * Knots are the strongly connected components with more than one file, or with a file that imports itself.
 */
export function findCycles(graph: ImportGraph): readonly (readonly string[])[] {
  const cycles: string[][] = []
  const settled = new Set<string>()
  for (const file of [...graph.keys()].sort()) {
    if (settled.has(file)) continue
    const cycle = shortestWayBack(graph, file)
    if (cycle === null) continue
    cycles.push(cycle)
    const forth = reachable(graph, file)
    for (const other of forth) if (reachable(graph, other).has(file)) settled.add(other)
  }
  return cycles
}

/** Breadth first from `start` to `start`; null where no way leads back. */
function shortestWayBack(graph: ImportGraph, start: string): string[] | null {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...pathTo(file, start, cameFrom), start]
      if (cameFrom.has(next)) continue
      cameFrom.set(next, file)
      queue.push(next)
    }
  }
  return null
}

function pathTo(file: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [file]
  for (let at = file; at !== start; ) {
    at = cameFrom.get(at)!
    path.unshift(at)
  }
  return path
}

function reachable(graph: ImportGraph, start: string): ReadonlySet<string> {
  const seen = new Set([start])
  for (const file of seen) for (const next of graph.get(file) ?? []) seen.add(next)
  return seen
}
