import type { TriggerPolicy } from '../triggers/policy.ts'
import { applyEnvironment } from './environment.ts'
import { type Fault, formatPath } from './fault.ts'
import { fileSchema } from './file-schema.ts'
import { type ConfigSource, checkTree, configInvalid, readText } from './load-config.ts'
import { readYaml } from './read-yaml.ts'
import { isSection, valueAt, withValueAt } from './tree.ts'

/**
 * The policies of a file of their own, by model: what a model's `triggers` may hold, for every model of the
 * configuration, or under `models` by name for some of them. They are checked as if they stood in the
 * configuration, which must be good without them.
 * @throws CONFIG_UNREADABLE, CONFIG_INVALID with every fault of the file
 */
export function loadPolicy(
  { path, env, readFile }: ConfigSource,
  policyPath: string,
): ReadonlyMap<string, TriggerPolicy> {
  const policy = readYaml(readText(policyPath, readFile))
  if (policy.faults.length > 0) throw configInvalid(policyPath, policy.faults)
  const { tree } = applyEnvironment(readYaml(readText(path, readFile)).tree, env, fileSchema)
  const models = valueAt(tree, ['models'])
  const known = isSection(models) ? Object.keys(models) : []
  const named = valueAt(policy.tree, ['models'])
  const unknown = isSection(named) ? Object.keys(named).filter((name) => !known.includes(name)) : []
  if (unknown.length > 0) {
    const expected = `a configured model: ${known.join(', ')}`
    throw configInvalid(
      policyPath,
      unknown.map((name) => ({ path: formatPath(['models', name]), expected, got: `"${name}"` })),
    )
  }
  const chosen = isSection(named) ? Object.keys(named) : known
  let whole: unknown = tree
  for (const name of chosen) {
    const section = isSection(named) ? named[name] : policy.tree
    whole = withValueAt(whole, ['models', name, 'triggers'], section)
  }
  const checked = checkTree(whole)
  if ('faults' in checked)
    throw configInvalid(policyPath, ownFaults(checked.faults, chosen, isSection(named)))
  return new Map(chosen.map((name) => [name, checked.options.models.get(name)!.policy]))
}

/** By the paths of the policy's own file; one that stands for every model is told of once. */
function ownFaults(faults: readonly Fault[], models: readonly string[], named: boolean): Fault[] {
  const told = new Map<string, Fault>()
  for (const fault of faults) {
    const prefix = models
      .map((name) => formatPath(['models', name, 'triggers']))
      .find((path) => fault.path.startsWith(path))
    const own = prefix === undefined ? fault.path : fault.path.slice(prefix.length).replace(/^\./, '')
    const path = named && prefix !== undefined ? fault.path.replace('.triggers', '') : own || 'the policy'
    told.set(`${path}\n${fault.expected}`, { ...fault, path })
  }
  return [...told.values()]
}
