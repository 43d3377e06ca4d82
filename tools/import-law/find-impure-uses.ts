import { isDeclared } from './declared-names.ts'
import { HOST_METHODS, IMPURE_GLOBALS, IMPURE_MEMBERS } from './law.ts'
import { memberName, type SyntaxNode, walk } from './syntax-tree.ts'

/** One place where a file reaches for the clock, for chance, for the host or for I/O. */
export interface ImpureUse {
  readonly what: string
  readonly why: string
  readonly start: number
}

const TIME = 'time comes as an argument'
const HOST = 'the answer depends on the time zone or locale of the host'

/** Everything in a file that a pure room may not do; names the file binds itself are not the globals. */
export function findImpureUses(program: SyntaxNode): ImpureUse[] {
  const uses: ImpureUse[] = []
  for (const { node, ancestors } of walk(program, isCode)) {
    const use = node.type === 'MemberExpression' ? hostMethod(node) : globalUse(node, ancestors)
    if (use !== null) uses.push({ ...use, start: node.start })
  }
  return uses
}

/** Types have no effect; of the nodes that only TypeScript has, these hold code. */
const CODE_IN_TYPESCRIPT: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSExportAssignment',
  'TSParameterProperty',
  'TSEnumDeclaration',
  'TSEnumBody',
  'TSEnumMember',
  'TSModuleDeclaration',
  'TSModuleBlock',
])

function isCode(node: SyntaxNode): boolean {
  return !node.type.startsWith('TS') || CODE_IN_TYPESCRIPT.has(node.type)
}

function hostMethod(member: SyntaxNode): Omit<ImpureUse, 'start'> | null {
  const name = memberName(member)
  return name !== null && HOST_METHODS.has(name) ? { what: `uses .${name}`, why: HOST } : null
}

function globalUse(node: SyntaxNode, ancestors: readonly SyntaxNode[]): Omit<ImpureUse, 'start'> | null {
  const parent = ancestors.at(-1)
  if (node.type !== 'Identifier' || parent === undefined || !isReference(node, parent)) return null
  const name = String(node.name)
  const why = IMPURE_GLOBALS.get(name)
  if (why === undefined && name !== 'Date' && name !== 'Math') return null
  if (isDeclared(name, ancestors)) return null
  if (why !== undefined) return { what: `uses ${memberText(node, parent) ?? name}`, why }
  return name === 'Date' ? dateUse(node, parent) : mathUse(node, parent)
}

/** A name that stands for its value here, and not for a property, a label or itself. */
function isReference(node: SyntaxNode, parent: SyntaxNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return parent.object === node || parent.computed === true
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'AccessorProperty':
      return parent.value === node || parent.computed === true
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'MetaProperty':
      return false
    case 'ExportSpecifier':
      return parent.local === node
    default:
      return true
  }
}

function memberText(node: SyntaxNode, parent: SyntaxNode): string | null {
  if (parent.type !== 'MemberExpression' || parent.object !== node) return null
  const member = memberName(parent)
  return member === null ? null : `${String(node.name)}.${member}`
}

/** A date made of a number or a text is a value; anything else that `Date` can do reads the host. */
function dateUse(node: SyntaxNode, parent: SyntaxNode): Omit<ImpureUse, 'start'> | null {
  const member = memberText(node, parent)
  if (member === 'Date.UTC' || member === 'Date.parse') return null
  if (member !== null) return { what: `uses ${member}`, why: IMPURE_MEMBERS.get(member) ?? TIME }
  if (parent.type === 'BinaryExpression' && parent.operator === 'instanceof') return null
  if (parent.type === 'NewExpression' && parent.callee === node) {
    const args = parent.arguments as readonly SyntaxNode[]
    if (args.length === 0) return { what: 'uses new Date()', why: TIME }
    if (args.length > 1) return { what: 'uses new Date(year, month, …)', why: HOST }
    return args[0]?.type === 'SpreadElement' ? { what: 'uses new Date(...)', why: TIME } : null
  }
  if (parent.type === 'CallExpression' && parent.callee === node) return { what: 'uses Date()', why: TIME }
  return { what: 'hands Date on', why: `under another name its clock is out of sight: ${TIME}` }
}

function mathUse(node: SyntaxNode, parent: SyntaxNode): Omit<ImpureUse, 'start'> | null {
  const member = memberText(node, parent)
  if (member === null) return { what: 'hands Math on', why: 'under another name its random is out of sight' }
  const why = IMPURE_MEMBERS.get(member)
  return why === undefined ? null : { what: `uses ${member}`, why }
}
