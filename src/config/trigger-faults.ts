import { MANUAL } from '../triggers/manual.ts'
import { type Fault, formatPath, quoteValue } from './fault.ts'
import { isSection, valueAt } from './tree.ts'

type Path = readonly PropertyKey[]
type Section = Readonly<Record<string, unknown>>

const REGRESSION_METRICS = ['mae', 'rmse', 'r2']

/** Faults of a model's triggers that no value of them can answer for alone. */
export function triggerFaults(tree: unknown, model: readonly string[]): Fault[] {
  const path = [...model, 'triggers', 'trigger']
  const triggers = [...written(valueAt(tree, path), path)]
  const task = valueAt(tree, [...model, 'task'])
  return [
    ...repeatedNames(triggers),
    ...triggers.flatMap(({ trigger, at }) => [
      ...unclearRule(trigger, at),
      ...unknownMetric(trigger, at, task),
      ...unreachable(trigger, at),
    ]),
    ...longHysteresis(tree, [...model, 'triggers', 'hysteresis']),
  ]
}

interface WrittenTrigger {
  readonly trigger: Section
  readonly at: Path
}

/** A trigger and its members, in the order they are written. */
function* written(trigger: unknown, at: Path): Generator<WrittenTrigger> {
  if (!isSection(trigger)) return
  yield { trigger, at }
  const members: unknown[] = Array.isArray(trigger.of) ? trigger.of : []
  for (const [index, member] of members.entries()) {
    const isVote = trigger.kind === 'votes' && isSection(member)
    const path = [...at, 'of', index]
    yield* isVote ? written(member.trigger, [...path, 'trigger']) : written(member, path)
  }
  for (const key of ['suspicion', 'proof']) yield* written(trigger[key], [...at, key])
}

/** Requests and suppressions name the trigger: two of one name could not be told apart. */
function repeatedNames(triggers: readonly WrittenTrigger[]): Fault[] {
  const seen = new Set<unknown>([MANUAL])
  return triggers.flatMap(({ trigger, at }) => {
    const name = trigger.name ?? trigger.kind
    const isRepeated = typeof name === 'string' && seen.has(name)
    seen.add(name)
    if (!isRepeated) return []
    const hint = 'without a name a trigger is called by its kind'
    return [
      {
        path: formatPath([...at, 'name']),
        expected: 'a name no other trigger of the model has',
        got: quoteValue(name),
        ...(name === MANUAL ? { hint: 'what a person asks for has this name' } : {}),
        ...(trigger.name === undefined ? { hint } : {}),
      },
    ]
  })
}

function unclearRule(trigger: Section, at: Path): Fault[] {
  if (trigger.kind !== 'metric') return []
  const rules = ['below', 'above', 'worseBy'].filter((key) => trigger[key] !== undefined)
  if (rules.length !== 1) {
    return [fault(at, 'one of below, above, worseBy', rules.length === 0 ? 'none' : rules.join(' and '))]
  }
  if (trigger.within === undefined || rules[0] === 'worseBy') return []
  return [fault([...at, 'within'], 'worseBy beside it', rules.join())]
}

/** A metric that nothing computes would keep its trigger silent for ever. */
function unknownMetric(trigger: Section, at: Path, task: unknown): Fault[] {
  const { kind, metric, source } = trigger
  if ((kind !== 'metric' && kind !== 'cost') || typeof metric !== 'string') return []
  const path = [...at, 'metric']
  const got = quoteValue(metric)
  const isOfRegression = REGRESSION_METRICS.includes(metric)
  if (task === 'regression' && source === 'estimated') {
    return [fault([...at, 'source'], 'measured: a regression model has no scores to estimate from', source)]
  }
  if (source === 'estimated') return metric === 'accuracy' ? [] : [fault(path, 'accuracy, if estimated', got)]
  if (task === 'regression' && !isOfRegression) {
    return [fault(path, `a metric of a regression model: ${REGRESSION_METRICS.join(', ')}`, got)]
  }
  if ((task === 'binary' || task === 'multiclass') && isOfRegression) {
    return [fault(path, `no metric of regression in a ${task} model`, got)]
  }
  return []
}

function unreachable(trigger: Section, at: Path): Fault[] {
  const { kind, needed, of } = trigger
  if (typeof needed !== 'number' || !Array.isArray(of)) return []
  const weights = of.map((member: unknown) => {
    const weight = kind === 'votes' && isSection(member) ? (member.weight ?? 1) : 1
    return typeof weight === 'number' ? weight : Number.POSITIVE_INFINITY
  })
  const most = weights.reduce((sum, weight) => sum + weight, 0)
  if (needed <= most) return []
  return [fault([...at, 'needed'], `at most ${most}, which is all the members together`, String(needed))]
}

function longHysteresis(tree: unknown, path: readonly string[]): Fault[] {
  const panes = valueAt(tree, [...path, 'panes'])
  const of = valueAt(tree, [...path, 'of'])
  if (typeof panes !== 'number' || typeof of !== 'number' || panes <= of) return []
  return [fault([...path, 'panes'], `at most hysteresis.of, which is ${of}`, String(panes))]
}

function fault(path: Path, expected: string, got: string): Fault {
  return { path: formatPath(path), expected, got }
}
