import { literalText, memberName, type SyntaxNode, walk } from './syntax-tree.ts'

/** One place where a file names another module. */
export interface ImportUse {
  /** Null where it is computed at run time. */
  readonly specifier: string | null
  /** `hidden`: an import that only shows when it runs, or by another name than import. */
  readonly kind: 'value' | 'type' | 'hidden'
  /** Place in the source text. */
  readonly start: number
  readonly text: string
}

interface Comment {
  readonly value: string
  readonly start: number
}

/** Every way a TypeScript file can name another module, in the order of the text. */
export function findImports(program: SyntaxNode, comments: readonly Comment[]): ImportUse[] {
  const uses: ImportUse[] = []
  for (const { node } of walk(program)) {
    const use = importUse(node)
    if (use !== null) uses.push({ ...use, start: node.start })
  }
  for (const { value, start } of comments) {
    const specifier = /^\/\s*<reference\s+(?:path|types)\s*=\s*["']([^"']+)["']/.exec(value)?.[1]
    if (specifier === undefined) continue
    uses.push({ specifier, kind: 'hidden', start, text: `a reference comment to '${specifier}'` })
  }
  return uses.sort((a, b) => a.start - b.start)
}

function importUse(node: SyntaxNode): Omit<ImportUse, 'start'> | null {
  switch (node.type) {
    case 'ImportDeclaration':
      return named(literalText(node.source), node.importKind === 'type' ? 'type' : 'value', 'imports')
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = literalText(node.source)
      if (specifier === null) return null
      return named(specifier, node.exportKind === 'type' ? 'type' : 'value', 're-exports')
    }
    case 'TSImportType':
      return named(literalText(node.source), 'type', 'names a type of')
    case 'ImportExpression':
      return named(literalText(node.source), 'hidden', 'imports dynamically')
    case 'TSExternalModuleReference':
      return named(literalText(node.expression), 'hidden', 'imports by "import ="')
    case 'CallExpression':
      return call(node)
    default:
      return null
  }
}

/** `require`, `module.require`, `process.getBuiltinModule`, and the maker of requires. */
const LOADERS: ReadonlySet<string> = new Set(['require', 'createRequire', 'getBuiltinModule'])

function call(node: SyntaxNode): Omit<ImportUse, 'start'> | null {
  const callee = node.callee as SyntaxNode
  const name = callee.type === 'MemberExpression' ? memberName(callee) : callee.name
  if (typeof name !== 'string' || !LOADERS.has(name)) return null
  const [first] = node.arguments as readonly SyntaxNode[]
  return named(literalText(first), 'hidden', `calls ${name} on`)
}

function named(specifier: string | null, kind: ImportUse['kind'], verb: string): Omit<ImportUse, 'start'> {
  return { specifier, kind, text: `${verb} ${specifier === null ? 'a computed name' : `'${specifier}'`}` }
}
