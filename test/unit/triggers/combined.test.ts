import { describe, expect, it } from 'vitest'
import { evaluateTrigger } from '../../../src/triggers/evaluate.ts'
import type { TriggerSpec } from '../../../src/triggers/policy.ts'
import { initialTriggerState } from '../../../src/triggers/state.ts'
import { DAY, episode, MONDAY, ON_DRIFT, ON_PERFORMANCE, observation } from '../../support/trigger-inputs.ts'

const moved = episode({ id: 'e3', concern: 'data', diagnosis: 'watch', summary: 'psi of distance 0.31' })
const OLD: TriggerSpec = { kind: 'age', name: 'old', maxAgeMs: DAY }
const ENOUGH: TriggerSpec = { kind: 'volume', name: 'enough', labelled: 10 }
const state = { ...initialTriggerState(), servingSince: MONDAY - 2 * DAY, labelledThen: 0 }
const ask = (trigger: TriggerSpec, openEpisodes = [moved], labelledTotal = 9) =>
  evaluateTrigger(trigger, state, observation(MONDAY, { openEpisodes, labelledTotal }))

describe('at-least', () => {
  const of = [ON_PERFORMANCE, ENOUGH, ON_DRIFT, OLD]

  it('fires with so many members, named in the order of their names', () => {
    expect(ask({ kind: 'at-least', name: 'two', needed: 3, of })).toBeNull()
    const fired = ask({ kind: 'at-least', name: 'two', needed: 2, of })
    expect(fired).toMatchObject({ kind: 'at-least', members: ['drift', 'old'], episode: moved })
    expect(ask({ kind: 'at-least', name: 'two', needed: 3, of }, [moved], 10)?.members).toEqual([
      'drift',
      'enough',
      'old',
    ])
  })

  it('is measured unless what is certain is enough by itself', () => {
    expect(ask({ kind: 'at-least', name: 'two', needed: 2, of })?.measured).toBe(true)
    expect(ask({ kind: 'at-least', name: 'two', needed: 2, of }, [moved], 10)?.measured).toBe(false)
    expect(ask({ kind: 'any', name: 'any', of })?.measured).toBe(false)
    expect(ask({ kind: 'any', name: 'any', of: [ON_DRIFT] })?.measured).toBe(true)
    expect(ask({ kind: 'all', name: 'all', of: [ON_DRIFT, OLD] })?.measured).toBe(true)
  })
})

describe('votes', () => {
  const of = [
    { weight: 2, trigger: ON_DRIFT },
    { weight: 1, trigger: OLD },
    { weight: 5, trigger: ENOUGH },
  ]

  it('fires when the weights of those that fire reach what is needed', () => {
    expect(ask({ kind: 'votes', name: 'votes', needed: 4, of })).toBeNull()
    expect(ask({ kind: 'votes', name: 'votes', needed: 3, of })).toMatchObject({ members: ['drift', 'old'] })
    expect(ask({ kind: 'votes', name: 'votes', needed: 6, of }, [], 10)?.members).toEqual(['enough', 'old'])
  })
})
