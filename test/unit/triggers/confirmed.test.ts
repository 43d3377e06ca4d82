import { describe, expect, it } from 'vitest'
import { decideRetrain } from '../../../src/triggers/decide.ts'
import type { OpenEpisode } from '../../../src/triggers/observation.ts'
import type { TriggerSpec } from '../../../src/triggers/policy.ts'
import { initialTriggerState } from '../../../src/triggers/state.ts'
import {
  DAY,
  episode,
  HOUR,
  MONDAY,
  ON_DRIFT,
  ON_PERFORMANCE,
  observation,
  policy,
} from '../../support/trigger-inputs.ts'

const moved = episode({ id: 'e3', concern: 'data', diagnosis: 'watch', summary: 'psi of distance 0.31' })
const fallen = episode()
const confirmed: TriggerSpec = {
  kind: 'confirmed',
  name: 'confirmed',
  suspicion: ON_DRIFT,
  proof: ON_PERFORMANCE,
  withinMs: 5 * HOUR,
}

/** What is decided hour by hour. */
function play(open: readonly (readonly OpenEpisode[])[], trigger = confirmed) {
  let state = initialTriggerState()
  return open.map((openEpisodes, hour) => {
    const by = policy(trigger, { cooldownMs: 0, inFlightTimeoutMs: 0 })
    const result = decideRetrain(state, observation(MONDAY + hour * HOUR, { openEpisodes }), by)
    state = result.state
    return result.decision
  })
}

describe('confirmed', () => {
  it('waits for the proof, and takes a suspicion that is over but fresh', () => {
    const decisions = play([[moved], [], [], [], [], [fallen], [fallen]])
    expect(decisions.map((decision) => decision !== null)).toEqual([...Array(5).fill(false), true, false])
    expect(decisions[5]).toMatchObject({
      trigger: {
        members: ['drift', 'performance'],
        reason: `drift: suspected at 2001-04-16T00:00:00.000Z; performance: ${fallen.summary}`,
      },
      episode: fallen,
    })
  })

  it('goes by the newest suspicion, and by none that is too old', () => {
    const fires = (open: Parameters<typeof play>[0]) => play(open).map((decision) => decision !== null)
    expect(fires([[moved], [], [], [moved], [], [], [], [], [fallen]]).at(-1)).toBe(true)
    expect(fires([[moved], [], [], [moved], [], [], [], [], [], [fallen]]).at(-1)).toBe(false)
  })

  it('fires while both do, and not on the proof alone', () => {
    expect(play([[moved, fallen]])[0]).toMatchObject({ trigger: { members: ['drift', 'performance'] } })
    expect(play([[fallen]])).toEqual([null])
  })

  it('remembers a suspicion that is itself confirmed', () => {
    const outer: TriggerSpec = {
      kind: 'confirmed',
      name: 'outer',
      suspicion: confirmed,
      proof: { kind: 'age', name: 'old', maxAgeMs: 3 * HOUR },
      withinMs: DAY,
    }
    const decisions = play([[moved], [fallen], [], []], outer)
    expect(decisions.map((decision) => decision !== null)).toEqual([false, false, false, true])
  })
})
