import type { Random } from '../../statistics/random.ts'
import { ADWIN_DEFAULTS, type AdwinOptions, createAdwin, updateAdwin } from './adwin.ts'
import type { RunningDetector } from './alarm.ts'
import { createDdm, DDM_DEFAULTS, type DdmOptions, updateDdm } from './ddm.ts'
import { createEddm, EDDM_DEFAULTS, type EddmOptions, updateEddm } from './eddm.ts'
import { createHddmA, HDDM_A_DEFAULTS, type HddmAOptions, updateHddmA } from './hddm-a.ts'
import { createHddmW, HDDM_W_DEFAULTS, type HddmWOptions, updateHddmW } from './hddm-w.ts'
import { createKswin, KSWIN_DEFAULTS, type KswinOptions, updateKswin } from './kswin.ts'
import {
  createPageHinkley,
  PAGE_HINKLEY_DEFAULTS,
  type PageHinkleyOptions,
  updatePageHinkley,
} from './page-hinkley.ts'

export interface ClassicOptions {
  readonly adwin: Partial<AdwinOptions>
  readonly 'page-hinkley': Partial<PageHinkleyOptions>
  readonly ddm: Partial<DdmOptions>
  readonly eddm: Partial<EddmOptions>
  readonly 'hddm-a': Partial<HddmAOptions>
  readonly 'hddm-w': Partial<HddmWOptions>
  readonly kswin: Partial<KswinOptions>
}

export type ClassicName = keyof ClassicOptions

/** A detector of the field, as its users know it. */
export interface Classic<Options> {
  /** 0/1 outcomes, values in [0, 1], or any finite values. */
  readonly input: 'outcome' | 'share' | 'value'
  /** One line: how often it alarms, at its defaults, on values that never change. */
  readonly label: string
  readonly defaults: Required<Options>
  /** Starts it; `random` is asked by KSWIN alone. */
  create(options: Options, random: Random): RunningDetector
}

/**
 * The detectors of the field, each with its usual defaults and an honest word on its false alarms.
 *
 * They are for those who want what they know: none of them has a false-alarm rate that can be set, and
 * values that depend on each other make all of them alarm more. The rates were measured with River 0.26.1,
 * whose alarms these agree with, as mean numbers of values between alarms on independent values.
 */
export const CLASSICS: { readonly [Name in ClassicName]: Classic<ClassicOptions[Name]> } = {
  adwin: {
    input: 'value',
    defaults: ADWIN_DEFAULTS,
    label:
      'no set rate: one false alarm in 5 000 000 values of N(0,1), none in as many 0/1 errors at rate 0.1',
    create: (options) => running(createAdwin(options), updateAdwin),
  },
  'page-hinkley': {
    input: 'value',
    defaults: PAGE_HINKLEY_DEFAULTS,
    label:
      'no set rate, depends on the unit: one false alarm in 1 590 values of N(0,1), in 35 714 errors at 0.1',
    create: (options) => running(createPageHinkley(options), updatePageHinkley),
  },
  ddm: {
    input: 'outcome',
    defaults: DDM_DEFAULTS,
    label: 'no set rate: one false alarm in 111 111 errors at 0.1, but 34 % of fresh starts alarm within 500',
    create: (options) => running(createDdm(options), updateDdm),
  },
  eddm: {
    input: 'outcome',
    defaults: EDDM_DEFAULTS,
    label: 'no set rate: one false alarm in 2 303 errors at rate 0.1, in 3 045 at 0.2',
    create: (options) => running(createEddm(options), updateEddm),
  },
  'hddm-a': {
    input: 'share',
    defaults: HDDM_A_DEFAULTS,
    label: 'no set rate: one false alarm in 833 333 errors at rate 0.1, in 312 500 at 0.2',
    create: (options) => running(createHddmA(options), updateHddmA),
  },
  'hddm-w': {
    input: 'share',
    defaults: HDDM_W_DEFAULTS,
    label: 'no set rate: one false alarm in 1 700 000 errors at rate 0.1, but in 12 255 at 0.2',
    create: (options) => running(createHddmW(options), updateHddmW),
  },
  kswin: {
    input: 'value',
    defaults: KSWIN_DEFAULTS,
    label: 'tests at every value with no account of it: one false alarm in 833 values of N(0,1)',
    create: (options, random) =>
      running(createKswin(options), (state, value) => updateKswin(state, value, random)),
  },
}

function running<State extends { warning: boolean; drift: boolean }>(
  state: State,
  update: (state: State, value: number) => State,
): RunningDetector {
  return { update: (value) => update(state, value) }
}
