import { type Fault, formatPath, quoteValue } from './fault.ts'
import { isSection, valueAt } from './tree.ts'

/** Names that two sinks share, models that there are not, and of secrets none or two places. */
export function alertFaults(tree: unknown): Fault[] {
  const alerts = valueAt(tree, ['alerts'])
  const models = valueAt(tree, ['models'])
  if (!Array.isArray(alerts)) return []
  const names = new Set<unknown>()
  return alerts.flatMap((alert: unknown, at): Fault[] => {
    if (!isSection(alert)) return []
    const path = (key?: string) => formatPath(['alerts', at, ...(key === undefined ? [] : [key])])
    const faults: Fault[] = []
    const { name } = alert
    if (typeof name === 'string' && names.has(name)) {
      faults.push({ path: path('name'), expected: 'a name of its own', got: quoteValue(name) })
    }
    names.add(name)
    const has = (key: string) => alert[key] !== undefined && alert[key] !== null
    const twice = (one: string, two: string, isNeeded: boolean) => {
      const given = [one, two].filter(has).length
      if (given === 2 || (given === 0 && isNeeded)) {
        const got = given === 2 ? 'both' : 'neither'
        faults.push({ path: path(), expected: `either ${one} or ${two}`, got })
      }
    }
    if (alert.kind === 'slack') twice('urlFile', 'urlVariable', true)
    if (alert.kind === 'webhook') twice('secretFile', 'secretVariable', false)
    const unknown = Array.isArray(alert.models) && isSection(models) ? alert.models : []
    for (const model of unknown) {
      if (typeof model !== 'string' || Object.hasOwn(models as object, model)) continue
      faults.push({ path: path('models'), expected: 'models of this configuration', got: quoteValue(model) })
    }
    return faults
  })
}
