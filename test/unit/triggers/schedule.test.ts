import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import {
  advanceSchedule,
  evaluateSchedule,
  nextCronTime,
  settleSchedule,
  settleSchedules,
} from '../../../src/triggers/schedule.ts'
import { schedule } from '../../support/trigger-inputs.ts'

const nightly = schedule('nightly', '0 2 * * *')
const at = (text: string) => Date.parse(text)

describe('nextCronTime', () => {
  it('is the first time strictly after the start', () => {
    expect(nextCronTime('0 2 * * *', 'UTC', at('2001-04-16T01:59:59.500Z'))).toBe(at('2001-04-16T02:00:00Z'))
    expect(nextCronTime('0 2 * * *', 'UTC', at('2001-04-16T02:00:00Z'))).toBe(at('2001-04-17T02:00:00Z'))
  })

  it('reads the pattern in its zone, in winter and in summer', () => {
    expect(nextCronTime('0 2 * * *', 'Europe/Vienna', at('2001-01-10T12:00:00Z'))).toBe(
      at('2001-01-11T01:00:00Z'),
    )
    expect(nextCronTime('0 2 * * *', 'Europe/Vienna', at('2001-07-10T12:00:00Z'))).toBe(
      at('2001-07-11T00:00:00Z'),
    )
  })

  it('runs once on the day the clock skips the time and once on the day it comes twice', () => {
    // Vienna 2001: 25 March 02:00 becomes 03:00 (01:00Z), 28 October 03:00 becomes 02:00 (01:00Z).
    const spring = nextCronTime('30 2 * * *', 'Europe/Vienna', at('2001-03-24T12:00:00Z'))
    expect(spring).toBe(at('2001-03-25T01:00:00Z'))
    expect(nextCronTime('30 2 * * *', 'Europe/Vienna', spring ?? 0)).toBe(at('2001-03-26T00:30:00Z'))
    const autumn = nextCronTime('30 2 * * *', 'Europe/Vienna', at('2001-10-27T12:00:00Z'))
    expect(autumn).toBe(at('2001-10-28T00:30:00Z'))
    expect(nextCronTime('30 2 * * *', 'Europe/Vienna', autumn ?? 0)).toBe(at('2001-10-29T01:30:00Z'))
  })

  it('is null for a day that never comes', () => {
    expect(nextCronTime('0 0 30 2 *', 'UTC', at('2001-04-16T00:00:00Z'))).toBeNull()
  })

  it.each([
    ['every night', 'UTC', 'expected a cron pattern'],
    ['0 2 * * *', 'Europe/Wien', 'Europe/Wien'],
    ['2027-01-01T02:00:00', 'UTC', 'no colon'],
  ])('refuses %s in %s', (cron, timezone, words) => {
    const refused = () => nextCronTime(cron, timezone, 0)
    expect(refused).toThrow(DriftstreamError)
    expect(refused).toThrow(words)
    expect(refused).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  describe('with a clock that is watched', () => {
    beforeEach(() => vi.useFakeTimers())
    afterEach(() => vi.useRealTimers())

    it('starts no timer and gives the same answer whatever the clock says', () => {
      const answers = ['1999-01-01', '2001-04-16T02:00:00Z', '2040-06-01'].map((now) => {
        vi.setSystemTime(at(now))
        return nextCronTime('0 2 * * 1', 'Europe/Vienna', at('2001-04-10T00:00:00Z'))
      })
      expect(new Set(answers)).toEqual(new Set([at('2001-04-16T00:00:00Z')]))
      expect(vi.getTimerCount()).toBe(0)
    })
  })
})

describe('advanceSchedule', () => {
  const armed = advanceSchedule(undefined, nightly, at('2001-04-16T02:30:00Z'), 'flights')

  it('is only armed by the first observation', () => {
    expect(armed.nextAt).toBe(at('2001-04-17T02:00:00Z'))
    expect(armed.dueAt).toBeNull()
    expect(evaluateSchedule(nightly, [armed])).toBeNull()
  })

  it('stays as it is before its time and is due at it', () => {
    expect(advanceSchedule(armed, nightly, at('2001-04-17T01:59:59.999Z'), 'flights')).toEqual(armed)
    const due = advanceSchedule(armed, nightly, at('2001-04-17T02:00:00Z'), 'flights')
    expect(due).toMatchObject({ dueAt: at('2001-04-17T02:00:00Z'), nextAt: at('2001-04-18T02:00:00Z') })
    expect(evaluateSchedule(nightly, [due])?.reason).toBe(
      '"0 2 * * *" (UTC) was due at 2001-04-17T02:00:00.000Z',
    )
  })

  it('makes one firing of a gap of many', () => {
    const due = advanceSchedule(armed, nightly, at('2001-05-17T12:00:00Z'), 'flights')
    expect(due.nextAt).toBe(at('2001-05-18T02:00:00Z'))
    const answered = settleSchedule(armed, due, { requested: true, heldBack: [] })
    expect(answered.dueAt).toBeNull()
    expect(advanceSchedule(answered, nightly, at('2001-05-17T13:00:00Z'), 'flights').dueAt).toBeNull()
  })

  it('is armed anew when the pattern or the zone of its name changes', () => {
    const moved = { ...nightly, timezone: 'Asia/Tokyo' }
    expect(advanceSchedule(armed, moved, at('2001-04-17T02:30:00Z'), 'flights')).toMatchObject({
      dueAt: null,
      nextAt: at('2001-04-17T17:00:00Z'),
    })
  })
})

describe('jitter', () => {
  const jittered = schedule('nightly', '0 2 * * *', { jitterMs: 3_600_000 })
  const from = at('2001-04-16T12:00:00Z')
  const offsetOf = (model: string) =>
    advanceSchedule(undefined, jittered, from, model).nextAt! - at('2001-04-17T02:00:00Z')

  it('is the same for a model every day, less than its limit, and spread over it', () => {
    const offsets = Array.from({ length: 200 }, (_, model) => offsetOf(`model-${model}`))
    expect(offsetOf('model-7')).toBe(offsets[7])
    expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...offsets)).toBeLessThan(3_600_000)
    const late = offsets.filter((offset) => offset > 1_800_000).length
    expect(late).toBeGreaterThan(70)
    expect(late).toBeLessThan(130)
    const next = advanceSchedule(undefined, jittered, from + 86_400_000, 'model-7').nextAt
    expect(next).toBe(at('2001-04-18T02:00:00Z') + offsets[7]!)
  })

  it('misses no time of the pattern that begins between the pattern and its own', () => {
    const offset = offsetOf('model-7')
    const between = at('2001-04-17T02:00:00Z') + Math.floor(offset / 2)
    expect(advanceSchedule(undefined, jittered, between, 'model-7').nextAt).toBe(
      at('2001-04-17T02:00:00Z') + offset,
    )
  })
})

describe('without catch-up', () => {
  it('a time that a guard held back is over', () => {
    const trigger = schedule('nightly', '0 2 * * *', { catchUp: false })
    const armed = advanceSchedule(undefined, trigger, at('2001-04-16T02:30:00Z'), 'flights')
    const due = advanceSchedule(armed, trigger, at('2001-04-17T02:00:00Z'), 'flights')
    const held = { requested: false, heldBack: ['nightly'] }
    expect(settleSchedules([armed], [due], trigger, held)).toEqual([{ ...due, dueAt: null }])
    const patient = { ...trigger, catchUp: true }
    expect(settleSchedules([armed], [due], patient, held)).toEqual([due])
  })
})

describe('settleSchedule', () => {
  const armed = advanceSchedule(undefined, nightly, at('2001-04-16T02:30:00Z'), 'flights')
  const due = advanceSchedule(armed, nightly, at('2001-04-17T02:00:00Z'), 'flights')

  it('keeps a firing that a guard held back, also past evaluations in which nothing fired', () => {
    const held = settleSchedule(armed, due, { requested: false, heldBack: ['nightly'] })
    expect(held.dueAt).toBe(due.dueAt)
    expect(settleSchedule(held, held, { requested: false, heldBack: [] }).dueAt).toBe(due.dueAt)
  })

  it('lets the next time of the pattern take the place of a held one', () => {
    const later = advanceSchedule(due, nightly, at('2001-04-18T02:00:00Z'), 'flights')
    expect(later.dueAt).toBe(at('2001-04-18T02:00:00Z'))
    expect(settleSchedule(due, later, { requested: false, heldBack: [] }).dueAt).toBeNull()
  })

  it('drops a firing that no trigger took up', () => {
    expect(settleSchedule(armed, due, { requested: false, heldBack: [] }).dueAt).toBeNull()
  })
})
