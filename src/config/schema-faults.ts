import type { z } from 'zod'
import { type Fault, formatPath, quoteValue } from './fault.ts'
import { nearestName } from './nearest-name.ts'
import { namesBelow, stepDown } from './schema-keys.ts'
import { childAt, isSection, valueAt } from './tree.ts'

/** The schema's findings as faults, one for each unknown key and each wrong value, in the schema's order. */
export function schemaFaults(error: z.ZodError, tree: unknown, schema: z.core.$ZodType): Fault[] {
  return error.issues.flatMap((issue) => {
    const path = pathToScalar(tree, issue.path)
    if (issue.code === 'unrecognized_keys') {
      const known = namesBelow(schemaAt(schema, tree, path) ?? schema, valueAt(tree, path))
      return issue.keys.map((key) => unknownKey([...path, key], known))
    }
    const quoted =
      issue.code === 'custom' && issue.params?.quoteName === true ? path.at(-1) : valueAt(tree, path)
    return [{ path: formatPath(path), expected: issue.message, got: quoteValue(quoted) }]
  })
}

function unknownKey(path: readonly PropertyKey[], known: readonly string[]): Fault {
  const nearest = nearestName(String(path.at(-1)), known)
  return {
    path: formatPath(path),
    expected: `one of ${known.join(', ')}`,
    got: `the unknown key ${JSON.stringify(path.at(-1))}`,
    ...(nearest === null ? {} : { hint: `did you mean "${nearest}"?` }),
  }
}

/** Cut where a scalar stands: what a shorthand lacks is the fault of the shorthand. */
function pathToScalar(tree: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] {
  let node = tree
  for (const [depth, step] of path.entries()) {
    if (node !== undefined && node !== null && !isSection(node) && !Array.isArray(node))
      return path.slice(0, depth)
    node = childAt(node, step)
  }
  return path
}

function schemaAt(
  schema: z.core.$ZodType,
  tree: unknown,
  path: readonly PropertyKey[],
): z.core.$ZodType | null {
  let at: z.core.$ZodType | null = schema
  let node = tree
  for (const step of path) {
    if (at === null) return null
    at = stepDown(at, node, step)
    node = childAt(node, step)
  }
  return at
}
