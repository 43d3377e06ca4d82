import { z } from 'zod'
import {
  type ChosenMode,
  EXPERT_MODES,
  type ExpertMode,
  type ModeOptions,
} from '../detectors/expert-modes.ts'
import { oneOf, portion, positiveNumber, share, trueOrFalse, wholeNumber } from './scalars.ts'
import { isSection } from './tree.ts'

const runLength = wholeNumber(2, 1_000_000)
const bothConfidences = { driftConfidence: share(), warningConfidence: share(), twoSided: trueOrFalse() }
const cells = wholeNumber(2, 512)

/** What of each mode may be set. */
const OPTIONS: { readonly [Mode in ExpertMode]: z.ZodRawShape } = {
  psi: { warning: positiveNumber(), drift: positiveNumber(), cells },
  ks: { level: share() },
  'chi-squared': { level: share() },
  'g-test': { level: share() },
  'jensen-shannon': { distance: share(), cells },
  hellinger: { distance: share(), cells },
  wasserstein: { distance: positiveNumber() },
  evidently: { level: share(), distance: positiveNumber() },
  nannyml: { deviations: positiveNumber() },
  'evidently-dataset': { share: portion(), level: share(), distance: positiveNumber() },
  adwin: {
    delta: share(),
    clock: wholeNumber(1),
    maxBuckets: wholeNumber(2),
    minWindowLength: wholeNumber(1),
    gracePeriod: wholeNumber(0),
  },
  'page-hinkley': {
    minInstances: wholeNumber(1),
    delta: positiveNumber(),
    threshold: positiveNumber(),
    alpha: portion(),
    mode: oneOf(['up', 'down', 'both']),
  },
  ddm: { warmStart: wholeNumber(1), warningThreshold: positiveNumber(), driftThreshold: positiveNumber() },
  eddm: { warmStart: wholeNumber(1), alpha: share(), beta: share() },
  'hddm-a': bothConfidences,
  'hddm-w': { ...bothConfidences, lambda: share() },
  kswin: { alpha: share(), windowSize: wholeNumber(4, 10_000), statSize: wholeNumber(2, 5_000) },
  shewhart: { runLength },
  ewma: { runLength, weight: share() },
  cusum: { runLength, slack: positiveNumber() },
  'rate-scan': { levels: wholeNumber(1, 16) },
}

/** `adwin`, or `{ name: adwin, delta: 0.01 }`. */
export const expertMode = z.unknown().transform((raw, context): ChosenMode => {
  const given = typeof raw === 'string' ? { name: raw } : raw
  const name = isSection(given) ? EXPERT_MODES.find((mode) => mode === given.name) : undefined
  if (!isSection(given) || name === undefined) {
    const path = isSection(raw) ? ['name'] : []
    context.addIssue({ code: 'custom', message: `one of ${EXPERT_MODES.join(', ')}`, path })
    return z.NEVER
  }
  const options: Record<string, number | boolean | string> = {}
  for (const [key, value] of Object.entries(given)) {
    if (key === 'name') continue
    const option = Object.hasOwn(OPTIONS[name], key) ? (OPTIONS[name][key] as z.ZodType) : undefined
    const read = option?.safeParse(value)
    if (read?.success) options[key] = read.data as ModeOptions[string]
    else {
      const message =
        read?.error.issues[0]?.message ?? `one of name, ${Object.keys(OPTIONS[name]).join(', ')}`
      context.addIssue({ code: 'custom', message, path: [key] })
    }
  }
  for (const message of unfit(name, options)) context.addIssue({ code: 'custom', message, path: [] })
  return { name, options }
})

/** What two options cannot say together. */
function* unfit(name: ExpertMode, options: ModeOptions): Generator<string> {
  const { windowSize = 100, statSize = 30 } = options
  if (name === 'kswin' && Number(windowSize) < 2 * Number(statSize)) {
    yield 'a kswin whose windowSize holds its statSize twice'
  }
  const { warning = 0.1, drift = 0.25 } = options
  if (name === 'psi' && warning > drift) yield 'a psi whose warning is at most its drift'
}
