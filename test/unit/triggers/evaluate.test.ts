import { describe, expect, it } from 'vitest'
import { evaluateTrigger } from '../../../src/triggers/evaluate.ts'
import { triggersWithin } from '../../../src/triggers/members.ts'
import type { CombinedTrigger, TriggerSpec } from '../../../src/triggers/policy.ts'
import { advanceSchedule } from '../../../src/triggers/schedule.ts'
import { initialTriggerState, type TriggerState } from '../../../src/triggers/state.ts'
import {
  BROKEN_PIPE,
  DAY,
  episode,
  MONDAY,
  MONTHLY,
  ON_DRIFT,
  ON_PERFORMANCE,
  observation,
} from '../../support/trigger-inputs.ts'

const moved = episode({ id: 'e3', concern: 'data', diagnosis: 'watch', summary: 'psi of distance 0.31' })
const fallen = episode()

const nothing = initialTriggerState()

function due(trigger: TriggerSpec): TriggerState {
  const schedules = triggersWithin(trigger).flatMap((each) => {
    if (each.kind !== 'schedule') return []
    const armed = advanceSchedule(undefined, each, MONDAY - 31 * DAY, 'flights')
    return [advanceSchedule(armed, each, MONDAY, 'flights')]
  })
  return { ...nothing, schedules }
}

describe('a single trigger', () => {
  it.each([
    ['performance', ON_PERFORMANCE, [fallen], 'e1'],
    ['performance of another diagnosis', ON_PERFORMANCE, [episode({ diagnosis: 'check-labels' })], null],
    ['performance with only data moved', ON_PERFORMANCE, [moved], null],
    ['drift', ON_DRIFT, [fallen, moved], 'e3'],
    ['drift of another diagnosis', ON_DRIFT, [BROKEN_PIPE], null],
    ['drift with only performance fallen', ON_DRIFT, [episode({ diagnosis: 'watch' })], null],
    ['nothing open', ON_PERFORMANCE, [], null],
  ] as const)('%s', (_, trigger, openEpisodes, expected) => {
    const fired = evaluateTrigger(trigger, nothing, observation(MONDAY, { openEpisodes }))
    expect(fired?.episode?.id ?? null).toBe(expected)
    if (fired !== null) expect(fired).toMatchObject({ name: trigger.name, members: [], schedules: [] })
  })
})

describe('a performance trigger that waits', () => {
  const waits: TriggerSpec = {
    kind: 'performance',
    name: 'lasting',
    diagnoses: ['check-labels'],
    lastingMs: 7 * DAY,
  }
  const unclear = episode({ diagnosis: 'check-labels', detectedAt: MONDAY })
  const firedAfter = (ms: number, open = unclear) =>
    evaluateTrigger(waits, nothing, observation(MONDAY + ms, { openEpisodes: [open] }))

  it('fires once the episode is so old, counted from its detection', () => {
    expect(firedAfter(7 * DAY - 1)).toBeNull()
    expect(firedAfter(7 * DAY)?.episode).toBe(unclear)
    expect(firedAfter(8 * DAY)?.episode).toBe(unclear)
  })

  it('does not take an episode of another diagnosis, however old', () => {
    expect(firedAfter(30 * DAY, fallen)).toBeNull()
  })
})

describe('a combined trigger', () => {
  const any: CombinedTrigger = { kind: 'any', name: 'either', of: [MONTHLY, ON_DRIFT, ON_PERFORMANCE] }
  const all: CombinedTrigger = { ...any, kind: 'all', name: 'every' }

  it('any fires with those members that fired, and answers performance before data', () => {
    const fired = evaluateTrigger(any, nothing, observation(MONDAY, { openEpisodes: [moved, fallen] }))
    expect(fired).toMatchObject({ name: 'either', kind: 'any', members: ['drift', 'performance'] })
    expect(fired?.episode).toBe(fallen)
    expect(fired?.reason).toBe(`drift: ${moved.summary}; performance: ${fallen.summary}`)
  })

  it('all fires only when every member fires at the same evaluation', () => {
    const open = observation(MONDAY, { openEpisodes: [moved, fallen] })
    expect(evaluateTrigger(all, nothing, open)).toBeNull()
    const fired = evaluateTrigger(all, due(all), open)
    expect(fired?.members).toEqual(['drift', 'monthly', 'performance'])
    expect(fired?.schedules).toEqual(['monthly'])
    expect(evaluateTrigger(all, due(all), observation(MONDAY, { openEpisodes: [moved] }))).toBeNull()
  })

  it('nests, and names its own members only', () => {
    const nested: CombinedTrigger = {
      kind: 'any',
      name: 'outer',
      of: [{ kind: 'all', name: 'monthly if moved', of: [MONTHLY, ON_DRIFT] }, ON_PERFORMANCE],
    }
    const fired = evaluateTrigger(nested, due(nested), observation(MONDAY, { openEpisodes: [moved] }))
    expect(fired?.members).toEqual(['monthly if moved'])
    expect(fired?.schedules).toEqual(['monthly'])
    expect(fired?.episode).toBe(moved)
  })

  it.each(['any', 'all'] as const)('%s without members never fires', (kind) => {
    expect(evaluateTrigger({ kind, name: 'empty', of: [] }, nothing, observation(MONDAY))).toBeNull()
  })
})
