import { EXPERT_MODES, needsRightAndWrong } from '../detectors/expert-modes.ts'
import { DETECTION_DEFAULTS } from '../detectors/options.ts'
import { type Fault, formatPath, quoteValue } from './fault.ts'
import { isSection, valueAt } from './tree.ts'

type Path = readonly string[]

const MEASURES = ['psi', 'ks', 'wasserstein'] as const

/** Modes that count rights and wrongs, which a regression has none of. */
export function unfitModes(tree: unknown, model: Path): Fault[] {
  const path = [...model, 'detection', 'classics']
  const modes = valueAt(tree, path)
  if (valueAt(tree, [...model, 'task']) !== 'regression' || !Array.isArray(modes)) return []
  return modes.flatMap((mode: unknown, at) => {
    const name = isSection(mode) ? valueAt(mode, ['name']) : mode
    const unfit = EXPERT_MODES.find((known) => known === name && needsRightAndWrong(known))
    if (unfit === undefined) return []
    return [
      {
        path: `${formatPath(path)}[${at}]`,
        expected: 'a mode that takes errors of any size: a regression is never right or wrong',
        got: quoteValue(name),
        hint: 'adwin, page-hinkley, hddm-a, hddm-w, kswin, shewhart, ewma and cusum do',
      },
    ]
  })
}

/** Effects that cannot be measured, and thresholds in the wrong order. */
export function effectFaults(tree: unknown, model: Path): Fault[] {
  const features = valueAt(tree, [...model, 'features'])
  const names = isSection(features) ? Object.keys(features) : []
  return [
    ...MEASURES.flatMap((measure) => exchangedLevels(tree, model, measure)),
    ...names.flatMap((name) => featureFaults(tree, [...model, 'features', name])),
  ]
}

/** From the warning on a change is reported, from the other on it is a drift. */
function exchangedLevels(tree: unknown, model: Path, measure: (typeof MEASURES)[number]): Fault[] {
  const warningPath = [...model, 'detection', `${measure}Warning`]
  const warning = valueAt(tree, warningPath) ?? DETECTION_DEFAULTS[`${measure}Warning`]
  const drift =
    valueAt(tree, [...model, 'detection', `${measure}Drift`]) ?? DETECTION_DEFAULTS[`${measure}Drift`]
  if (typeof warning !== 'number' || typeof drift !== 'number' || warning <= drift) return []
  return [
    {
      path: formatPath(warningPath),
      expected: `at most ${measure}Drift, which is ${drift}`,
      got: String(warning),
    },
  ]
}

function featureFaults(tree: unknown, feature: Path): Fault[] {
  const effect = valueAt(tree, [...feature, 'effect'])
  if (effect === undefined || effect === null) return []
  const path = [...feature, 'effect']
  const of = (key: string): unknown => (isSection(effect) ? valueAt(effect, [key]) : undefined)
  const measure = isSection(effect) ? of('measure') : effect
  const type = valueAt(tree, [...feature, 'type'])
  const faults: Fault[] = []
  if (type === 'categorical' && (measure === 'ks' || measure === 'wasserstein')) {
    faults.push({
      path: formatPath(path),
      expected: 'psi: categories have no order',
      got: quoteValue(measure),
    })
  }
  const [warning, drift, unit] = [of('warning'), of('drift'), of('unit')]
  if (typeof warning === 'number' && typeof drift === 'number' && warning > drift) {
    faults.push({
      path: formatPath([...path, 'warning']),
      expected: `at most drift, which is ${drift}`,
      got: String(warning),
    })
  }
  if (measure === 'ks' && typeof drift === 'number' && drift >= 1) {
    faults.push({
      path: formatPath([...path, 'drift']),
      expected: 'below 1, a KS distance',
      got: String(drift),
    })
  }
  if (unit !== undefined && measure !== 'wasserstein') {
    faults.push({
      path: formatPath([...path, 'unit']),
      expected: 'no unit: only a Wasserstein distance has one',
      got: quoteValue(unit),
    })
  }
  if (unit === 'feature' && (drift === undefined || warning === undefined)) {
    faults.push({
      path: formatPath(path),
      expected: 'warning and drift in the unit of the feature',
      got: quoteValue(effect),
      hint: 'the thresholds of the model are in standard deviations',
    })
  }
  return faults
}
