import { visitorKeys } from 'oxc-parser'

/** A node of the ESTree the parser gives; fields beside these are read by name. */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The nodes in a field: one, several, or none. */
export function nodesIn(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []
}

/**
 * Every node under `root`, parents first, each with its ancestors from the outermost in. What `enters`
 * refuses is skipped with everything under it.
 */
export function* walk(
  root: SyntaxNode,
  enters: (node: SyntaxNode) => boolean = () => true,
  ancestors: readonly SyntaxNode[] = [],
): Generator<{ readonly node: SyntaxNode; readonly ancestors: readonly SyntaxNode[] }> {
  if (!enters(root)) return
  yield { node: root, ancestors }
  const keys = visitorKeys[root.type]
  if (keys === undefined) throw new Error(`expected a node type the parser knows, got ${root.type}`)
  for (const key of keys) {
    for (const child of nodesIn(root, key)) yield* walk(child, enters, [...ancestors, root])
  }
}

/** The text of a string literal or of a template without holes; null for anything else. */
export function literalText(node: unknown): string | null {
  if (!isNode(node)) return null
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type !== 'TemplateLiteral' || nodesIn(node, 'expressions').length > 0) return null
  const cooked = nodesIn(node, 'quasis')[0]?.value as { cooked?: string } | undefined
  return cooked?.cooked ?? null
}

/** The member's name of `a.b` and `a['b']`; null where it is computed. */
export function memberName(member: SyntaxNode): string | null {
  const property = member.property
  if (member.computed === true) return literalText(property)
  return isNode(property) && typeof property.name === 'string' ? property.name : null
}
