import { stringify } from 'yaml'
import { applyEnvironment, type Environment } from './environment.ts'
import { fileSchema } from './file-schema.ts'
import { readYaml } from './read-yaml.ts'
import { isSection } from './tree.ts'

/** What is put in the place of a value that may be a secret. */
const REDACTED = '(redacted)'

/**
 * A configuration with the environment laid over it, as YAML that may be shown: what trainers find in their
 * environment is left out, since users put secrets there, and everything whose name says that it is one.
 * The configuration has been found good; its defaults are not written out.
 */
export function showConfig(text: string, env: Environment): string {
  return stringify(redacted(applyEnvironment(readYaml(text).tree, env, fileSchema).tree))
}

const SECRET_NAME = /password|passphrase|secret|token|credential/i
/** The names of files and variables are no secrets. */
const SOURCE_NAME = /(File|Variable)$/

function redacted(node: unknown, name = ''): unknown {
  if (Array.isArray(node)) return node.map((item) => redacted(item))
  if (isSection(node)) {
    const hides = name === 'environment'
    const entries = Object.entries(node).map(([key, value]) => [key, hides ? REDACTED : redacted(value, key)])
    return Object.fromEntries(entries)
  }
  return SECRET_NAME.test(name) && !SOURCE_NAME.test(name) ? REDACTED : node
}
