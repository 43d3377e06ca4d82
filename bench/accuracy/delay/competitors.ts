import {
  type ClassicName,
  type ClassicOptions,
  startClassic,
  updateClassic,
} from '../../../src/detectors/classics/index.ts'
import { createErrorRateDetector, updateErrorRate } from '../../../src/detectors/sequential/error-rate.ts'
import { createRateScan, updateRateScan } from '../../../src/detectors/sequential/rate-scan.ts'
import { restart } from '../../../src/detectors/sequential/rise-evidence.ts'
import { KSWIN_DIAL, seenBefore } from './kswin-dial.ts'
import type { Dial } from './tune.ts'

/** Takes an outcome, 1 where it is wrong, and says whether it alarms; after an alarm it has begun anew. */
export type Watch = (error: number) => boolean

/** A detector with one number that trades false alarms for delay. */
export interface Competitor extends Dial {
  readonly name: string
  /** Must be beaten; the others are printed beside. */
  readonly isRival: boolean
  /** What is tuned, in words. */
  readonly tuned: string
  create(strictness: number, reference: Uint8Array): Watch
}

/** Outcomes a pane of ours holds: we are told of errors only when a pane is over. */
export const PANE = 20

const LEVELS = 9

export const COMPETITORS: readonly Competitor[] = [
  {
    name: 'driftstream',
    isRival: false,
    tuned: 'panes with one false alarm, e-detector and scan at half of it each',
    from: 1,
    to: 1e6,
    create(panes, reference) {
      const both = [errorRate(2 * panes, reference), rateScan(2 * panes, reference)]
      return byPane((errors) => both.map((watch) => watch(errors)).includes(true))
    },
  },
  {
    name: 'e-detector',
    isRival: false,
    tuned: 'panes with one false alarm',
    from: 1,
    to: 1e6,
    create: (panes, reference) => byPane(errorRate(panes, reference)),
  },
  {
    name: 'rate scan',
    isRival: false,
    tuned: 'panes with one false alarm',
    from: 1,
    to: 1e6,
    create: (panes, reference) => byPane(rateScan(panes, reference)),
  },
  classic('adwin', '1 / delta', 1.2, 1e12, (x) => ({ delta: 1 / x })),
  {
    ...classic('kswin', KSWIN_DIAL.tuned, KSWIN_DIAL.from, KSWIN_DIAL.to, KSWIN_DIAL.options),
    settle: KSWIN_DIAL.settle,
  },
  classic('page-hinkley', 'threshold', 2, 1000, (x) => ({ threshold: x, mode: 'up' })),
  classic('ddm', 'drift threshold', 1.2, 12, (x) => ({ driftThreshold: x })),
  classic('eddm', '1 / beta', 1.05, 1000, (x) => ({ alpha: 1, beta: 1 / x })),
  classic('hddm-a', '1 / confidence', 1.5, 1e12, (x) => ({ driftConfidence: 1 / x })),
  classic('hddm-w', '1 / confidence', 1.5, 1e12, (x) => ({ driftConfidence: 1 / x })),
]

function classic<Name extends ClassicName>(
  name: Name,
  tuned: string,
  from: number,
  to: number,
  options: (strictness: number) => ClassicOptions[Name],
): Competitor {
  return {
    name,
    // Its false alarms depend on the error rate more than on its threshold.
    isRival: name !== 'eddm',
    tuned,
    from,
    to,
    create(strictness, reference) {
      const detector = startClassic(name, options(strictness), `${name} choices`)
      for (const error of seenBefore(name, reference)) updateClassic(detector, error)
      return (error) => updateClassic(detector, error).drift
    },
  }
}

function errorRate(panes: number, reference: Uint8Array): Watch {
  const detector = createErrorRateDetector(countErrors(reference), { falseAlarms: 1, looks: panes })
  return (errors) => {
    if (!updateErrorRate(detector, errors, PANE).drift) return false
    restart(detector)
    return true
  }
}

function rateScan(panes: number, reference: Uint8Array): Watch {
  const create = () => createRateScan(countErrors(reference), LEVELS, { falseAlarms: 1, looks: panes })
  let scan = create()
  return (errors) => {
    if (!updateRateScan(scan, errors, PANE).drift) return false
    scan = create()
    return true
  }
}

function countErrors(reference: Uint8Array): { errors: number; n: number } {
  return { errors: reference.reduce((sum, error) => sum + error, 0), n: reference.length }
}

/** Gathers outcomes to panes. */
function byPane(watchPane: Watch): Watch {
  let errors = 0
  let n = 0
  return (error) => {
    errors += error
    n += 1
    if (n < PANE) return false
    const alarm = watchPane(errors)
    errors = 0
    n = 0
    return alarm
  }
}
