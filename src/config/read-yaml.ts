import { LineCounter, parseDocument } from 'yaml'
import { type Fault, formatPath } from './fault.ts'
import { pathToCycle } from './tree.ts'

const EXPECTED = 'well-formed YAML'

/**
 * One YAML document as nested plain objects, lists and scalars, or what is wrong with it, line by line.
 * Repeated keys, unknown tags and a second document are faults: each would lose something silently.
 * An empty document is an empty section.
 */
export function readYaml(text: string): { readonly tree: unknown; readonly faults: readonly Fault[] } {
  const lines = new LineCounter()
  try {
    const document = parseDocument(text, {
      stringKeys: true,
      prettyErrors: false,
      lineCounter: lines,
      // Not 'silent': that also silences the error of a second document.
      logLevel: 'error',
    })
    const faults = [...document.errors, ...document.warnings].map(({ message, pos }): Fault => {
      const { line, col } = lines.linePos(pos[0])
      return {
        path: `line ${line}, column ${col}`,
        expected: EXPECTED,
        got: JSON.stringify((text.split('\n')[line - 1] ?? '').trim()),
        hint: message,
      }
    })
    if (faults.length > 0) return { tree: null, faults }
    const tree: unknown = document.toJS()
    const cycle = pathToCycle(tree)
    if (cycle === null) return { tree: tree ?? {}, faults: [] }
    const fault = { path: formatPath(cycle), expected: 'a value', got: 'an alias of something it lies in' }
    return { tree: null, faults: [fault] }
  } catch (cause) {
    // Unresolvable or exploding aliases, and nesting deeper than the stack.
    const reason = cause instanceof Error ? cause.message : String(cause)
    return { tree: null, faults: [{ path: 'the configuration', expected: EXPECTED, got: reason }] }
  }
}

/** A scalar as YAML reads it (`2` a number, `true` a boolean); text that is no scalar stays text. */
export function readScalar(text: string): unknown {
  const { tree, faults } = readYaml(text)
  return faults.length > 0 || typeof tree === 'object' ? text : tree
}
