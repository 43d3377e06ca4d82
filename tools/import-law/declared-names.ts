import { isNode, nodesIn, type SyntaxNode } from './syntax-tree.ts'

/** Is `name` bound by the file itself at this place, and so not the global of that name? */
export function isDeclared(name: string, ancestors: readonly SyntaxNode[]): boolean {
  return ancestors.some((scope) => declaredNames(scope).has(name))
}

const known = new WeakMap<SyntaxNode, ReadonlySet<string>>()

/** The names a node binds for everything inside it. */
function declaredNames(scope: SyntaxNode): ReadonlySet<string> {
  let names = known.get(scope)
  if (names === undefined) {
    names = new Set(bindings(scope).flatMap(patternNames))
    known.set(scope, names)
  }
  return names
}

function bindings(scope: SyntaxNode): readonly SyntaxNode[] {
  switch (scope.type) {
    case 'Program':
    case 'BlockStatement':
    case 'FunctionBody':
    case 'StaticBlock':
      return nodesIn(scope, 'body').flatMap(declarations)
    case 'SwitchStatement':
      return nodesIn(scope, 'cases').flatMap((branch) => nodesIn(branch, 'consequent').flatMap(declarations))
    case 'ForStatement':
      return nodesIn(scope, 'init').flatMap(declarations)
    case 'ForInStatement':
    case 'ForOfStatement':
      return nodesIn(scope, 'left').flatMap(declarations)
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return [...nodesIn(scope, 'params'), ...nodesIn(scope, 'id')]
    case 'CatchClause':
      return nodesIn(scope, 'param')
    case 'ClassExpression':
      return nodesIn(scope, 'id')
    default:
      return []
  }
}

/** `declare` binds nothing: it only says that somebody else does. */
function declarations(statement: SyntaxNode): readonly SyntaxNode[] {
  if (statement.declare === true) return []
  switch (statement.type) {
    case 'ImportDeclaration':
      return nodesIn(statement, 'specifiers').flatMap((specifier) => nodesIn(specifier, 'local'))
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return nodesIn(statement, 'declaration').flatMap(declarations)
    case 'VariableDeclaration':
      return nodesIn(statement, 'declarations').flatMap((declarator) => nodesIn(declarator, 'id'))
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return nodesIn(statement, 'id')
    default:
      return []
  }
}

function patternNames(pattern: SyntaxNode): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [String(pattern.name)]
    case 'ObjectPattern':
      return nodesIn(pattern, 'properties').flatMap((property) =>
        isNode(property.value) ? patternNames(property.value) : patternNames(property),
      )
    case 'ArrayPattern':
      return nodesIn(pattern, 'elements').flatMap(patternNames)
    case 'AssignmentPattern':
      return nodesIn(pattern, 'left').flatMap(patternNames)
    case 'RestElement':
      return nodesIn(pattern, 'argument').flatMap(patternNames)
    default:
      return []
  }
}
