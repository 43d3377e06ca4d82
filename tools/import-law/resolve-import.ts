import { builtinModules } from 'node:module'
import { posix } from 'node:path'

/** Where a specifier leads, seen from a file under the source folder. */
export type Target =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'builtin'; readonly bare: boolean }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'unknown' }

const BUILTINS: ReadonlySet<string> = new Set(builtinModules)

/** `from` and the result's `file` are paths under the source folder, with forward slashes. */
export function resolveImport(specifier: string, from: string): Target {
  if (specifier.startsWith('.')) {
    const path = posix.join(posix.dirname(from), specifier)
    return path.startsWith('..') ? { kind: 'outside', path } : { kind: 'file', file: path }
  }
  if (specifier.startsWith('node:')) return { kind: 'builtin', bare: false }
  const [scopeOrName = '', name] = specifier.split('/')
  if (BUILTINS.has(specifier) || BUILTINS.has(scopeOrName)) return { kind: 'builtin', bare: true }
  if (!/^(@[a-z0-9-._~]+|[a-z0-9][a-z0-9-._~]*)$/i.test(scopeOrName)) return { kind: 'unknown' }
  return { kind: 'package', name: scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName }
}
