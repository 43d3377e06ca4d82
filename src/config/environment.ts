import type { z } from 'zod'
import { type Fault, formatPath, quoteValue } from './fault.ts'
import { nearestName } from './nearest-name.ts'
import { readScalar } from './read-yaml.ts'
import { below, namesBelow, stepDown } from './schema-keys.ts'
import { childAt, isSection, withValueAt } from './tree.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Overridden {
  readonly tree: unknown
  readonly faults: readonly Fault[]
  /** Which variable set which path, as `formatPath` writes it. */
  readonly variables: ReadonlyMap<string, string>
}

const PREFIX = 'DRIFTSTREAM_'

/** Read by the command line: the path of the file itself, and that of the file a health check looks at. */
const RESERVED: ReadonlySet<string> = new Set(['DRIFTSTREAM_CONFIG', 'DRIFTSTREAM_HEALTH_FILE'])

/**
 * Kubernetes gives every pod the address of every service: a service called `driftstream` shows up as
 * `DRIFTSTREAM_SERVICE_HOST`, `DRIFTSTREAM_PORT_8080_TCP` and more. Nobody wrote these, nobody means them.
 */
const SERVICE_LINK = /_SERVICE_HOST$|_SERVICE_PORT(_|$)|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/

/**
 * The tree with `DRIFTSTREAM_KAFKA__BROKERS=a:1,b:2` and the like laid over it. Two underscores go one level
 * down; case, `-`, `.` and single underscores of a name do not count, since a shell cannot write them all.
 * Values are YAML scalars, lists are cut at commas, an empty variable is none. What matches no key of the
 * schema, or no model or feature of the file, is a fault.
 */
export function applyEnvironment(
  tree: unknown,
  environment: Environment,
  schema: z.core.$ZodType,
): Overridden {
  const faults: Fault[] = []
  const variables = new Map<string, string>()
  let overridden = tree
  for (const [variable, text] of Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (text === undefined || text === '' || !isOverride(variable)) continue
    const target = findTarget(variable, overridden, schema)
    if ('fault' in target) {
      faults.push(target.fault)
      continue
    }
    overridden = withValueAt(overridden, target.path, target.isList ? readList(text) : readScalar(text))
    variables.set(formatPath(target.path), variable)
  }
  return { tree: overridden, faults, variables }
}

function isOverride(variable: string): boolean {
  if (!variable.startsWith(PREFIX) || RESERVED.has(variable)) return false
  return variable.includes('__') || !SERVICE_LINK.test(variable)
}

type Target = { readonly path: string[]; readonly isList: boolean } | { readonly fault: Fault }

function findTarget(variable: string, tree: unknown, root: z.core.$ZodType): Target {
  const path: string[] = []
  let schema = root
  let node = tree
  for (const step of variable.slice(PREFIX.length).split('__')) {
    const under = below(schema, node)
    if (under.kind === 'scalar' || under.kind === 'items') {
      const what = under.kind === 'items' ? 'a list, which is set as a whole' : 'a value without parts'
      return {
        fault: misdirected(variable, `${formatPath(path)} to be ${what}`, `the step "${step}" into it`),
      }
    }
    if (node !== undefined && node !== null && !isSection(node)) {
      return { fault: misdirected(variable, `${formatPath(path)} to be a section`, quoteValue(node)) }
    }
    const known = namesBelow(schema, node)
    const matches = matchingNames(step, known)
    const name = matches[0]
    if (name === undefined || matches.length > 1) return { fault: unmatched(variable, step, known, matches) }
    path.push(name)
    schema = stepDown(schema, node, name) ?? schema
    node = childAt(node, name)
  }
  return { path, isList: below(schema, node).kind === 'items' }
}

/** Equal but for case; failing that, equal in letters and digits. */
function matchingNames(step: string, known: readonly string[]): readonly string[] {
  const same = known.filter((name) => name.toLowerCase() === step.toLowerCase())
  return same.length > 0 ? same : known.filter((name) => alphanumerics(name) === alphanumerics(step))
}

function alphanumerics(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function unmatched(
  variable: string,
  step: string,
  known: readonly string[],
  matches: readonly string[],
): Fault {
  if (matches.length > 1)
    return misdirected(variable, 'one name', `"${step}", which fits ${matches.join(', ')}`)
  const expected = known.length > 0 ? `one of ${known.join(', ')}` : 'a name that the file has'
  const nearest = nearestName(step, known)
  const fault = misdirected(variable, expected, `"${step}"`)
  return nearest === null ? fault : { ...fault, hint: `did you mean "${nearest}"?` }
}

function misdirected(variable: string, expected: string, got: string): Fault {
  return { path: variable, expected, got }
}

function readList(text: string): unknown[] {
  return text.split(',').map((item) => readScalar(item.trim()))
}
