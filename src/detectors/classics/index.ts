import { createRandomState, nextRandom, type Random, type RandomState } from '../../statistics/random.ts'
import { ADWIN_DEFAULTS, type Adwin, type AdwinOptions, createAdwin, updateAdwin } from './adwin.ts'
import type { Alarm } from './alarm.ts'
import { createDdm, DDM_DEFAULTS, type Ddm, type DdmOptions, updateDdm } from './ddm.ts'
import { createEddm, EDDM_DEFAULTS, type Eddm, type EddmOptions, updateEddm } from './eddm.ts'
import { createHddmA, HDDM_A_DEFAULTS, type HddmA, type HddmAOptions, updateHddmA } from './hddm-a.ts'
import { createHddmW, HDDM_W_DEFAULTS, type HddmW, type HddmWOptions, updateHddmW } from './hddm-w.ts'
import { createKswin, KSWIN_DEFAULTS, type Kswin, type KswinOptions, updateKswin } from './kswin.ts'
import {
  createPageHinkley,
  PAGE_HINKLEY_DEFAULTS,
  type PageHinkley,
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

/** What each remembers: plain data. */
interface ClassicStates {
  readonly adwin: Adwin
  readonly 'page-hinkley': PageHinkley
  readonly ddm: Ddm
  readonly eddm: Eddm
  readonly 'hddm-a': HddmA
  readonly 'hddm-w': HddmW
  readonly kswin: Kswin
}

/** A detector of the field, as its users know it. */
export interface Classic<Options, State extends Alarm> {
  /** 0/1 outcomes, values in [0, 1], or any finite values. */
  readonly input: 'outcome' | 'share' | 'value'
  /** One line: how often it alarms, at its defaults, on values that never change. */
  readonly label: string
  readonly defaults: Required<Options>
  create(options: Options): State
  /** Takes a value; the state is changed and returned. It starts anew after every alarm. `random` is asked by KSWIN alone. */
  update(state: State, value: number, random: Random): State
}

/**
 * The detectors of the field, each with its usual defaults and an honest word on its false alarms.
 *
 * They are for those who want what they know: none of them has a false-alarm rate that can be set, and
 * values that depend on each other make all of them alarm more. The rates were measured with River 0.26.1,
 * whose alarms these agree with, as mean numbers of values between alarms on independent values.
 */
export const CLASSICS: {
  readonly [Name in ClassicName]: Classic<ClassicOptions[Name], ClassicStates[Name]>
} = {
  adwin: {
    input: 'value',
    defaults: ADWIN_DEFAULTS,
    label:
      'no set rate: one false alarm in 5 000 000 values of N(0,1), none in as many 0/1 errors at rate 0.1',
    create: createAdwin,
    update: updateAdwin,
  },
  'page-hinkley': {
    input: 'value',
    defaults: PAGE_HINKLEY_DEFAULTS,
    label:
      'no set rate, depends on the unit: one false alarm in 1 590 values of N(0,1), in 35 714 errors at 0.1',
    create: createPageHinkley,
    update: updatePageHinkley,
  },
  ddm: {
    input: 'outcome',
    defaults: DDM_DEFAULTS,
    label: 'no set rate: one false alarm in 111 111 errors at 0.1, but 34 % of fresh starts alarm within 500',
    create: createDdm,
    update: updateDdm,
  },
  eddm: {
    input: 'outcome',
    defaults: EDDM_DEFAULTS,
    label: 'no set rate: one false alarm in 2 303 errors at rate 0.1, in 3 045 at 0.2',
    create: createEddm,
    update: updateEddm,
  },
  'hddm-a': {
    input: 'share',
    defaults: HDDM_A_DEFAULTS,
    label: 'no set rate: one false alarm in 833 333 errors at rate 0.1, in 312 500 at 0.2',
    create: createHddmA,
    update: updateHddmA,
  },
  'hddm-w': {
    input: 'share',
    defaults: HDDM_W_DEFAULTS,
    label: 'no set rate: one false alarm in 1 700 000 errors at rate 0.1, but in 12 255 at 0.2',
    create: createHddmW,
    update: updateHddmW,
  },
  kswin: {
    input: 'value',
    defaults: KSWIN_DEFAULTS,
    label: 'tests at every value with no account of it: one false alarm in 833 values of N(0,1)',
    create: createKswin,
    update: updateKswin,
  },
}

/** A detector at work, with the chance it draws: plain data. */
export interface RunningClassic<Name extends ClassicName = ClassicName> {
  readonly name: Name
  readonly state: ClassicStates[Name]
  readonly random: RandomState
}

/** @param seed of the chance that KSWIN draws; the same for the same stream */
export function startClassic<Name extends ClassicName>(
  name: Name,
  options: ClassicOptions[Name],
  seed: string,
): RunningClassic<Name> {
  return { name, state: CLASSICS[name].create(options), random: createRandomState(seed) }
}

/** Takes one value, says what its detector says of it; the state moves on. */
export function updateClassic<Name extends ClassicName>(
  { name, state, random }: RunningClassic<Name>,
  value: number,
): Alarm {
  return CLASSICS[name].update(state, value, () => nextRandom(random))
}
