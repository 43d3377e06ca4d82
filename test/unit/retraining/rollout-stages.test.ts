import { describe, expect, it } from 'vitest'
import { type ComparisonEvent, comparisonEventExample } from '../../../src/events/comparison-event.ts'
import type { DeploymentEvent } from '../../../src/events/deployment-event.ts'
import { retrainRequestExample } from '../../../src/events/retrain-request.ts'
import { APPROVAL_DEFAULTS, type ApprovalOptions } from '../../../src/retraining/approval.ts'
import { advanceRollout, type RolloutInput } from '../../../src/retraining/rollout.ts'
import { harmLevel, type RolloutOptions, STRAIGHT } from '../../../src/retraining/rollout-options.ts'
import { initialRolloutState, type RolloutState } from '../../../src/retraining/rollout-state.ts'

const NOW = Date.UTC(2001, 3, 22, 15)
const HOUR = 3_600_000
const SINCE = comparisonEventExample.since

const rollout: RolloutOptions = {
  shadow: { minimumMs: HOUR, maximumMs: 10 * HOUR, labelledMin: 100, onTimeout: 'reject' },
  canary: {
    steps: [0.05, 0.25],
    stepMinimumMs: 2 * HOUR,
    maximumMs: 20 * HOUR,
    labelledMin: 100,
    onTimeout: 'approve',
  },
  watch: { durationMs: 5 * HOUR },
  harm: 0.06,
  proof: 0.05,
  margin: 0.01,
}
const canaryAlone: RolloutOptions = { ...rollout, shadow: null, watch: null }
const asked: ApprovalOptions = { required: true, timeoutMs: HOUR, onTimeout: 'reject' }

const ask = (id: string, version = '1', kind: 'performance' | 'manual' = 'performance'): RolloutInput => ({
  kind: 'request',
  request: { ...retrainRequestExample, id, version, trigger: { ...retrainRequestExample.trigger, kind } },
})
const passed: RolloutInput = {
  kind: 'judged',
  requestId: 'a',
  passed: true,
  gates: [],
  artifact: '/models/2',
  referenceId: 'r2',
}
const order = (kind: 'approve' | 'reject' | 'cancel'): RolloutInput => ({
  kind: 'command',
  command: { id: 'c', model: 'flights', at: NOW, by: 'ada', reason: '', kind, requestId: 'a' },
})

/** Nothing shown either way, unless said otherwise. */
const told = (
  stage: ComparisonEvent['stage'],
  hours: number,
  over: Partial<ComparisonEvent> = {},
): RolloutInput => ({
  kind: 'compared',
  comparison: {
    ...comparisonEventExample,
    requestId: 'a',
    stage,
    at: SINCE + hours * HOUR,
    logHarm: -1,
    logProof: stage === 'watch' ? null : 0,
    checks: [],
    ...over,
  },
})
const proven = { logProof: -Math.log(0.05) }
const harmful = { logHarm: -Math.log(0.02) }

function play(inputs: readonly RolloutInput[], options = rollout, approval = APPROVAL_DEFAULTS) {
  let state: RolloutState = initialRolloutState('flights', '1')
  const events: DeploymentEvent[] = []
  for (const input of [ask('a'), passed, ...inputs]) {
    const result = advanceRollout(state, input, NOW, approval, options)
    state = result.state
    events.push(...result.events)
  }
  return { state, events, stages: events.slice(2).map(({ stage }) => stage), last: events.at(-1)! }
}

it('shares the chance of turning an equal away among the stages there are', () => {
  expect(harmLevel(rollout)).toBeCloseTo(0.02, 12)
  expect(harmLevel(canaryAlone)).toBeCloseTo(0.06, 12)
  expect(harmLevel(STRAIGHT)).toBeCloseTo(0.05, 12)
})

describe('a shadow', () => {
  it('ends by proof, not before its time and not on few labels', () => {
    expect(play([told('shadow', 0.5, proven)]).stages).toEqual(['shadow'])
    const few = { ...comparisonEventExample.challenger, labelled: 99 }
    expect(play([told('shadow', 5, { ...proven, challenger: few })]).stages).toEqual(['shadow'])
    expect(play([told('shadow', 1, proven)]).stages).toEqual(['shadow', 'canary'])
  })

  it('ends by harm at once', () => {
    expect(play([told('shadow', 0.1, harmful)]).stages).toEqual(['shadow', 'rejected'])
    // At the level of one of three stages, not of all together.
    expect(play([told('shadow', 0.1, { logHarm: -Math.log(0.03) })]).stages).toEqual(['shadow'])
  })

  it('that shows nothing ends at its maximum as configured, and never well without an answer', () => {
    const shadow = { ...rollout.shadow!, onTimeout: 'continue' as const }
    expect(play([told('shadow', 10)]).stages).toEqual(['shadow', 'timed-out'])
    expect(play([told('shadow', 10)], { ...rollout, shadow }).stages).toEqual(['shadow', 'canary'])
    const silent = { challenger: { ...comparisonEventExample.challenger, events: 0, labelled: 0 } }
    expect(play([told('shadow', 10, silent)], { ...rollout, shadow }).stages).toEqual(['shadow', 'timed-out'])
  })
})

describe('a canary', () => {
  it('goes up by steps that have lasted, and tells the share of each', () => {
    const { events, stages } = play(
      [
        told('canary', 1),
        told('canary', 2),
        told('canary', 3),
        told('canary', 5, { step: 1, stepSince: SINCE + 3 * HOUR }),
      ],
      canaryAlone,
    )
    expect(stages).toEqual(['canary', 'canary'])
    expect(events.slice(2).map(({ step, trafficShare }) => [step, trafficShare])).toEqual([
      [0, 0.05],
      [1, 0.25],
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
  })

  it('ends by proof at any step, and carries the numbers', () => {
    const { stages, last } = play([told('canary', 2, proven)], canaryAlone)
    expect(stages).toEqual(['canary', 'promoted'])
    expect(last.comparison).toMatchObject({ design: 'samples', logProof: proven.logProof })
    expect(last.comparison).not.toHaveProperty('requestId')
    expect(last.watched).toBeUndefined()
  })

  it('is rolled back for harm, also by what comes in of a step that is over', () => {
    const late = [told('canary', 2), told('canary', 2.5, { step: 0, logHarm: -Math.log(0.06) })]
    const { stages, last, state } = play(late, canaryAlone)
    expect(stages).toEqual(['canary', 'canary', 'rolled-back'])
    expect(last).toMatchObject({ fromVersion: '1', toVersion: '2', trafficShare: 0 })
    expect(state).toMatchObject({ champion: '1', current: null })
  })

  it('that shows nothing is a question for a person, who may be watched over', () => {
    const waiting = play([told('canary', 20)], canaryAlone)
    expect(waiting.stages).toEqual(['canary', 'awaiting-approval'])
    expect(waiting.last.trafficShare).toBe(0.05)
    expect(play([told('canary', 20), order('approve')], canaryAlone).stages.at(-1)).toBe('promoted')
    expect(play([told('canary', 20), order('reject')], canaryAlone).last).toMatchObject({
      stage: 'rejected',
      trafficShare: 0,
    })
    const hurt = told('canary', 21, { logHarm: 9 })
    expect(play([told('canary', 20), hurt], canaryAlone).stages.at(-1)).toBe('rolled-back')
  })
})

describe('approval', () => {
  it('is asked for after the shadow by default, and before the promotion where that is wanted', () => {
    const shown = [told('shadow', 1, proven), order('approve'), told('canary', 2, proven)]
    expect(play(shown, rollout, asked).stages).toEqual(['shadow', 'awaiting-approval', 'canary', 'promoted'])
    const late = { ...asked, before: 'promotion' as const }
    const { stages, events } = play(
      [told('shadow', 1, proven), told('canary', 2, proven), order('approve')],
      rollout,
      late,
    )
    expect(stages).toEqual(['shadow', 'canary', 'awaiting-approval', 'promoted'])
    expect(events.at(-2)!.trafficShare).toBe(0.05)
  })
})

describe('a watched promotion', () => {
  const promoted = [told('shadow', 1, proven), told('canary', 2, proven)]

  it('is confirmed when its time is over, once', () => {
    const { stages, state } = play([...promoted, told('watch', 4), told('watch', 5), told('watch', 6)])
    expect(stages).toEqual(['shadow', 'canary', 'promoted', 'confirmed'])
    expect(state).toMatchObject({ champion: '2', watching: null })
  })

  it('is rolled back for harm, or by a person, to the version before', () => {
    for (const end of [told('watch', 1, harmful), order('cancel')]) {
      const { stages, state, last } = play([...promoted, end, told('watch', 2, harmful)])
      expect(stages).toEqual(['shadow', 'canary', 'promoted', 'rolled-back'])
      expect(last).toMatchObject({ fromVersion: '1', toVersion: '2', trafficShare: 0 })
      expect(state).toMatchObject({ champion: '1', watching: null, current: null })
    }
  })

  it('refuses what a trigger asks for, and ends for a person', () => {
    expect(play([...promoted, ask('b', '2')]).last).toMatchObject({
      stage: 'refused',
      reason: 'version 2 is being watched, by request a',
    })
    expect(play([...promoted, ask('b', '2', 'manual')]).stages.slice(-2)).toEqual(['confirmed', 'accepted'])
  })
})

it('a candidate on live events gives way to a person alone', () => {
  for (const before of [[], [told('shadow', 1, proven)]]) {
    expect(play([...before, ask('b')]).last.stage).toBe('refused')
    expect(play([...before, ask('b', '1', 'manual')]).stages.slice(-2)).toEqual(['superseded', 'accepted'])
    expect(play([...before, order('cancel')]).last).toMatchObject({ stage: 'cancelled', trafficShare: 0 })
  }
})

it('a stage that is no longer configured is over at the next start', () => {
  const inShadow = play([]).state
  const resumed = advanceRollout(inShadow, { kind: 'resume' }, NOW, APPROVAL_DEFAULTS, STRAIGHT)
  expect(resumed.events.map(({ stage }) => stage)).toEqual(['cancelled'])
})

describe('a stage of which nobody tells', () => {
  /** The inputs of `play`, each at an hour by the clock. */
  function playAt(
    inputs: readonly (readonly [RolloutInput, number])[],
    options: RolloutOptions,
    approval = APPROVAL_DEFAULTS,
  ) {
    let state: RolloutState = initialRolloutState('flights', '1')
    const events: DeploymentEvent[] = []
    for (const [input, hours] of [[ask('a'), 0], [passed, 0], ...inputs] as const) {
      const result = advanceRollout(state, input, NOW + hours * HOUR, approval, options)
      state = result.state
      events.push(...result.events)
    }
    return { state, events, stages: events.slice(2).map(({ stage }) => stage), last: events.at(-1)! }
  }
  const stalled: RolloutInput = { kind: 'tick', stalled: true }
  const heard: RolloutInput = { kind: 'tick', stalled: false }

  it('ends in shadow at its maximum by the clock, whatever is configured for one that showed too little', () => {
    for (const onTimeout of ['reject', 'continue'] as const) {
      const options = { ...rollout, shadow: { ...rollout.shadow!, onTimeout } }
      expect(playAt([[stalled, 9.9]], options).stages).toEqual(['shadow'])
      const { last, state } = playAt([[stalled, 10]], options)
      expect(last).toMatchObject({ stage: 'timed-out', trafficShare: 0 })
      expect(last.reason).toBe('no comparison has come for long, and 10 h of shadow have passed by the clock')
      expect(state.current).toBeNull()
    }
  })

  it('goes on past it while somebody tells, and a watch for ever', () => {
    expect(playAt([[heard, 1000]], rollout).stages).toEqual(['shadow'])
    const watched = playAt([[stalled, 1000]], { ...rollout, shadow: null, canary: null })
    expect(watched.stages).toEqual(['promoted'])
    expect(watched.state.watching).toMatchObject({ toVersion: '2' })
  })

  it.each([
    ['rollback', 'rolled-back', 0],
    ['promote', 'rolled-back', 0],
    ['approve', 'awaiting-approval', 0.25],
  ] as const)('ends a canary with %s as %s, all its steps together', (onTimeout, end, share) => {
    const options = { ...canaryAlone, canary: { ...canaryAlone.canary!, onTimeout } }
    const stepped = told('canary', 3, { stepLabelled: 200 })
    const steps = [
      [stepped, 12],
      [stalled, 19.9],
    ] as const
    expect(playAt(steps, options).stages).toEqual(['canary', 'canary'])
    const { stages, last } = playAt([...steps, [stalled, 20]], options)
    expect(stages).toEqual(['canary', 'canary', end])
    expect(last).toMatchObject({ trafficShare: share, toVersion: '2', fromVersion: '1' })
  })

  it('counts on through a restart, each stage by itself', () => {
    const steps = [
      [told('shadow', 2, proven), 2],
      [order('approve'), 2.5],
    ] as const
    const { events, state } = playAt(steps, rollout, asked)
    expect(events.slice(2).map(({ stage }) => stage)).toEqual(['shadow', 'awaiting-approval', 'canary'])
    let restored: RolloutState = initialRolloutState('flights', '1')
    for (const event of events) restored = advanceRollout(restored, { kind: 'deployment', event }, 0).state
    expect(restored).toEqual(state)
    const ticked = (hours: number) =>
      advanceRollout(restored, stalled, NOW + hours * HOUR, asked, rollout).events.map(({ stage }) => stage)
    expect([ticked(22.4), ticked(22.5)]).toEqual([[], ['awaiting-approval']])
  })
})
