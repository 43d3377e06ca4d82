import { DriftstreamError } from '../errors/driftstream-error.ts'
import { crossFaults } from './cross-checks.ts'
import { applyEnvironment, type Environment } from './environment.ts'
import { type Fault, formatFaults } from './fault.ts'
import { fileSchema } from './file-schema.ts'
import type { AppOptions } from './options.ts'
import { readYaml } from './read-yaml.ts'
import { schemaFaults } from './schema-faults.ts'
import { toOptions } from './to-options.ts'

export interface ConfigSource {
  readonly path: string
  readonly env: Environment
  readonly readFile: (path: string) => string
}

/**
 * The options of a configuration file with the environment laid over it.
 * @throws CONFIG_UNREADABLE (no such file, no permission), CONFIG_INVALID (the message lists every fault,
 * one a line)
 */
export function loadConfig({ path, env, readFile }: ConfigSource): AppOptions {
  const result = checkConfig(readText(path, readFile), env)
  if ('options' in result) return result.options
  throw configInvalid(path, result.faults)
}

/**
 * The same for a text that is already there.
 * @throws CONFIG_INVALID
 */
export function parseConfig(text: string, env: Environment = {}): AppOptions {
  const result = checkConfig(text, env)
  if ('options' in result) return result.options
  throw configInvalid('the configuration', result.faults)
}

/** The options, or everything that stands in their way at once; where the YAML is broken, that alone. */
export function checkConfig(
  text: string,
  env: Environment = {},
): { readonly options: AppOptions } | { readonly faults: readonly Fault[] } {
  const yaml = readYaml(text)
  if (yaml.faults.length > 0) return { faults: yaml.faults }
  const { tree, faults: misdirected, variables } = applyEnvironment(yaml.tree, env, fileSchema)
  const checked = checkTree(tree)
  if ('options' in checked && misdirected.length === 0) return checked
  const found = 'faults' in checked ? checked.faults : []
  return { faults: [...misdirected, ...found.map((fault) => nameVariable(fault, variables))] }
}

/** The same for sections that are parsed, and have the environment laid over them. */
export function checkTree(
  tree: unknown,
): { readonly options: AppOptions } | { readonly faults: readonly Fault[] } {
  const parsed = fileSchema.safeParse(tree)
  const faults = [
    ...(parsed.success ? [] : schemaFaults(parsed.error, tree, fileSchema)),
    ...crossFaults(tree),
  ]
  return parsed.success && faults.length === 0 ? { options: toOptions(parsed.data) } : { faults }
}

/** A wrong value that came from the environment is not found in the file: say where to look. */
function nameVariable(fault: Fault, variables: ReadonlyMap<string, string>): Fault {
  for (const [path, variable] of variables) {
    if (fault.path !== path && !fault.path.startsWith(`${path}[`)) continue
    const hint = `set by ${variable}`
    return { ...fault, hint: fault.hint === undefined ? hint : `${fault.hint} ${hint}` }
  }
  return fault
}

export function readText(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DriftstreamError(
      'CONFIG_UNREADABLE',
      `expected a configuration file at ${path}, got: ${reason}`,
      { path },
      { cause },
    )
  }
}

export function configInvalid(path: string, faults: readonly Fault[]): DriftstreamError {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  return new DriftstreamError('CONFIG_INVALID', `${count} in ${path}\n${formatFaults(faults)}`, {
    path,
    faults: faults.length,
  })
}
