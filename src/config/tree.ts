/**
 * Walking what YAML gave: nested plain objects, lists and scalars, of unknown shape. Only own properties
 * count, so a feature called `__proto__` or `constructor` is a name like any other.
 */

export function isSection(node: unknown): node is Readonly<Record<string, unknown>> {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}

/** One step down; undefined where there is nothing. */
export function childAt(node: unknown, step: PropertyKey): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return undefined
  return (node as Record<PropertyKey, unknown>)[step]
}

export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(childAt, tree)
}

/**
 * A copy of the tree with another value at `path`; what is shared (a YAML alias) stays as it was elsewhere.
 * The path leads through sections or through nothing.
 */
export function withValueAt(tree: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  const copy: Record<string, unknown> = isSection(tree) ? { ...tree } : {}
  // Not an assignment: that would call the setter of `__proto__`.
  Object.defineProperty(copy, step, {
    value: withValueAt(childAt(tree, step), rest, value),
    enumerable: true,
    configurable: true,
    writable: true,
  })
  return copy
}

/** The path of the first section or list that contains itself, or null. */
export function pathToCycle(node: unknown, ancestors: readonly unknown[] = []): PropertyKey[] | null {
  if (typeof node !== 'object' || node === null) return null
  if (ancestors.includes(node)) return []
  for (const [step, child] of Array.isArray(node) ? node.entries() : Object.entries(node)) {
    const path = pathToCycle(child, [...ancestors, node])
    if (path !== null) return [step, ...path]
  }
  return null
}
