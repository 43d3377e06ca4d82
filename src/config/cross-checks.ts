import { BUDGET_DEFAULTS } from '../detectors/budget.ts'
import { alertFaults } from './alert-faults.ts'
import { KAFKA_DEFAULTS, STREAM_DEFAULTS, TOPIC_DEFAULTS } from './defaults.ts'
import { effectFaults, unfitModes } from './detection-faults.ts'
import { formatDuration, parseDuration } from './duration.ts'
import { type Fault, formatPath, quoteValue } from './fault.ts'
import { METRICS_BY_TASK } from './metrics-by-task.ts'
import { predictorFaults } from './predictor-faults.ts'
import { schemaRegistryFaults } from './schema-registry-schema.ts'
import { securityFaults } from './security-faults.ts'
import { isSection, valueAt } from './tree.ts'
import { triggerFaults } from './trigger-faults.ts'

type Path = readonly string[]

/**
 * What no value can answer for alone: windows that are no multiple of the pane, topics that share a name.
 * Reads the tree, not the schema's result, so that one wrong value elsewhere hides none of this; a value
 * that is wrong by itself is left to the schema.
 */
export function crossFaults(tree: unknown): Fault[] {
  const models = valueAt(tree, ['models'])
  const names = isSection(models) ? Object.keys(models) : []
  return [
    ...securityFaults(tree),
    ...schemaRegistryFaults(tree),
    ...alertFaults(tree),
    ...hastyTransactions(tree),
    ...sharedTopics(tree),
    ...names.flatMap((name) => modelFaults(tree, ['models', name])),
  ]
}

/** Whose transaction is aborted while it is still a member would be fenced without being asked to join again. */
function hastyTransactions(tree: unknown): Fault[] {
  const path = ['kafka', 'transactionTimeout']
  const sessionMs = durationAt(tree, ['kafka', 'sessionTimeout'], KAFKA_DEFAULTS.sessionTimeoutMs)
  const transactionMs = durationAt(tree, path, KAFKA_DEFAULTS.transactionTimeoutMs)
  if (sessionMs === null || transactionMs === null || transactionMs >= sessionMs) return []
  return [
    fault(
      tree,
      path,
      `at least the session timeout, kafka.sessionTimeout, which is ${formatDuration(sessionMs)}`,
    ),
  ]
}

function modelFaults(tree: unknown, model: Path): Fault[] {
  const features = valueAt(tree, [...model, 'features'])
  const featureNames = isSection(features) ? Object.keys(features) : []
  const windows: Path[] = [
    ...['quality', 'data', 'performance', 'longest', 'labelDelay'].map((name) => [...model, 'windows', name]),
    ...featureNames.map((name) => [...model, 'features', name, 'window']),
  ]
  return [
    ...windows.flatMap((path) => brokenPanes(tree, path)),
    ...endlessDelay(tree, model),
    ...shortLongest(tree, model),
    ...brokenBudget(tree, model),
    ...effectFaults(tree, model),
    ...unfitModes(tree, model),
    ...unfitMetric(tree, model),
    ...idlePositiveLabel(tree, model),
    ...triggerFaults(tree, model),
    ...unclearTrainer(tree, model),
    ...predictorFaults(tree, model),
    ...fallingSteps(tree, model),
    ...hastyStages(tree, model),
  ]
}

function brokenPanes(tree: unknown, path: Path): Fault[] {
  const windowMs = parseDuration(valueAt(tree, path))
  const paneMs = durationAt(tree, ['stream', 'paneLength'], STREAM_DEFAULTS.paneMs)
  if (windowMs === null || paneMs === null || paneMs === 0 || windowMs % paneMs === 0) return []
  const pane = formatDuration(paneMs)
  return [fault(tree, path, `a multiple of the pane, stream.paneLength, which is ${pane}`)]
}

/** Past the label wait no label is joined any more: a longer delay waits for nothing. */
function endlessDelay(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'windows', 'labelDelay']
  const delayMs = parseDuration(valueAt(tree, path))
  const waitMs = durationAt(tree, ['stream', 'labelWait'], STREAM_DEFAULTS.labelWaitMs)
  if (delayMs === null || waitMs === null || delayMs <= waitMs) return []
  return [fault(tree, path, `at most the label wait, stream.labelWait, which is ${formatDuration(waitMs)}`)]
}

/** Shorter than the base it would name no length at all. */
function shortLongest(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'windows', 'longest']
  const longestMs = parseDuration(valueAt(tree, path))
  const dataMs = parseDuration(valueAt(tree, [...model, 'windows', 'data']))
  if (longestMs === null || dataMs === null || longestMs >= dataMs) return []
  return [fault(tree, path, `at least the data window, windows.data, which is ${formatDuration(dataMs)}`)]
}

/** Shares that do not make a whole would make the promise another than it says. */
function brokenBudget(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'budget', 'shares']
  const shares = Object.entries(BUDGET_DEFAULTS.shares).map(([part, share]) => {
    const own = valueAt(tree, [...path, part])
    return own === undefined ? share : own
  })
  if (!shares.every((share) => typeof share === 'number')) return []
  const sum = shares.reduce((all, share) => all + share, 0)
  if (Math.abs(sum - 1) < 1e-9) return []
  return [{ path: formatPath(path), expected: 'outcomes, score and features to sum to 1', got: String(sum) }]
}

/** A share of traffic once given grows, until all is given or all is taken back. */
function fallingSteps(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'retraining', 'rollout', 'canary', 'steps']
  const steps = valueAt(tree, path)
  if (!Array.isArray(steps) || !steps.every((step) => typeof step === 'number')) return []
  const isRising = steps.every((step, at) => at === 0 || step > (steps[at - 1] as number))
  return isRising ? [] : [fault(tree, path, 'shares that rise from step to step')]
}

/** A stage that must last longer than it may has no end. */
function hastyStages(tree: unknown, model: Path): Fault[] {
  const rollout = [...model, 'retraining', 'rollout']
  const pairs = [
    ['shadow', 'minimum'],
    ['canary', 'stepMinimum'],
  ] as const
  return pairs.flatMap(([stage, least]) => {
    const path = [...rollout, stage, 'maximum']
    const leastMs = parseDuration(valueAt(tree, [...rollout, stage, least]))
    const mostMs = parseDuration(valueAt(tree, path))
    if (leastMs === null || mostMs === null || mostMs >= leastMs) return []
    return [fault(tree, path, `at least ${stage}.${least}, which is ${formatDuration(leastMs)}`)]
  })
}

/** One trainer a model, and of its secret one place. */
function unclearTrainer(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'retraining', 'trainer']
  const trainer = valueAt(tree, path)
  if (!isSection(trainer)) return []
  const given = ['command', 'webhook'].filter((kind) => trainer[kind] != null)
  const secrets = ['secretFile', 'secretVariable'].filter(
    (key) => valueAt(tree, [...path, 'webhook', key]) != null,
  )
  return [
    ...(given.length === 1 ? [] : [fault(tree, path, 'either command or webhook')]),
    ...(secrets.length < 2 ? [] : [fault(tree, [...path, 'webhook'], 'either secretFile or secretVariable')]),
  ]
}

function unfitMetric(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'retraining', 'metric']
  const metric = valueAt(tree, path)
  const task = valueAt(tree, [...model, 'task'])
  const metrics = METRICS_BY_TASK.get(String(task))
  const known = [...METRICS_BY_TASK.values()].flat()
  if (metrics === undefined || !known.some((name) => name === metric)) return []
  if (metrics.some((name) => name === metric)) return []
  return [fault(tree, path, `a metric of a ${String(task)} model: ${metrics.join(', ')}`)]
}

function idlePositiveLabel(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'positiveLabel']
  const task = valueAt(tree, [...model, 'task'])
  if (valueAt(tree, path) === undefined || (task !== 'multiclass' && task !== 'regression')) return []
  return [fault(tree, path, `no positive label in a ${task} model`)]
}

/** Kafka holds `a.b` and `a_b` for one name: its metrics write both alike. */
function sharedTopics(tree: unknown): Fault[] {
  const faults: Fault[] = []
  const owners = new Map<string, string>()
  for (const [key, name] of Object.entries(TOPIC_DEFAULTS)) {
    const topic = valueAt(tree, ['topics', key]) ?? name
    if (typeof topic !== 'string') continue
    const owner = owners.get(topic.replaceAll('.', '_'))
    owners.set(topic.replaceAll('.', '_'), owner ?? key)
    if (owner === undefined) continue
    faults.push({
      path: `topics.${key}`,
      expected: 'a topic of its own',
      got: quoteValue(topic),
      hint: `topics.${owner} has the same; Kafka takes "." and "_" for one`,
    })
  }
  return faults
}

function durationAt(tree: unknown, path: Path, defaultMs: number): number | null {
  const raw = valueAt(tree, path)
  return raw === undefined ? defaultMs : parseDuration(raw)
}

function fault(tree: unknown, path: Path, expected: string): Fault {
  return { path: formatPath(path), expected, got: quoteValue(valueAt(tree, path)) }
}
