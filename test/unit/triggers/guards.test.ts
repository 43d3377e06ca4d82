import { describe, expect, it } from 'vitest'
import type { DeploymentEvent } from '../../../src/events/deployment-event.ts'
import { decideRetrain } from '../../../src/triggers/decide.ts'
import { addWish } from '../../../src/triggers/manual.ts'
import type { TriggerObservation } from '../../../src/triggers/observation.ts'
import type { TriggerPolicy } from '../../../src/triggers/policy.ts'
import { applyDeployment, initialTriggerState, type TriggerState } from '../../../src/triggers/state.ts'
import {
  BROKEN_PIPE,
  DAY,
  deployment,
  episode,
  HOUR,
  MONDAY,
  ON_PERFORMANCE,
  observation,
  policy,
  schedule,
} from '../../support/trigger-inputs.ts'

/** No guard but those that are asked for; what is requested is over at once. */
const unguarded = (over: Partial<TriggerPolicy>): TriggerPolicy =>
  policy(ON_PERFORMANCE, { cooldownMs: 0, minimumSample: 0, inFlightTimeoutMs: 0, ...over })

/** An evaluation an hour, a fall in performance in those hours for which `over` says nothing else. */
function play(
  hours: number,
  by: TriggerPolicy,
  over: (hour: number) => Partial<TriggerObservation> = () => ({}),
  from: TriggerState = initialTriggerState(),
) {
  let state = from
  const requested: number[] = []
  for (let hour = 0; hour < hours; hour++) {
    const observed = observation(MONDAY + hour * HOUR, { openEpisodes: [episode()], ...over(hour) })
    const result = decideRetrain(state, observed, by)
    state = result.state
    if (result.decision !== null) requested.push(hour)
  }
  return { requested, state }
}

const quiet = { openEpisodes: [] }
const NO_NUMBERS = { value: null, lower: null, upper: null, threshold: null, n: 0, message: '' }

describe('hysteresis', () => {
  const by = unguarded({ hysteresis: { panes: 2, of: 3 } })

  it('lets pass what was measured in so many of the last panes, and counts the rest', () => {
    const { requested, state } = play(8, by, (hour) => ([0, 3, 5, 7].includes(hour) ? {} : quiet))
    expect(requested).toEqual([5, 7])
    expect(state.counts).toEqual({
      fired: 4,
      requested: 2,
      suppressed: [{ guard: 'hysteresis', count: 2 }],
    })
  })

  it('asks nothing of a date', () => {
    const hourly = { ...by, trigger: schedule('hourly', '0 * * * *') }
    expect(play(3, hourly, () => quiet).requested).toEqual([1, 2])
  })

  it('forgets what was measured of the version before', () => {
    const { state } = play(1, by)
    const promoted = applyDeployment(state, deployment('r', 'promoted', MONDAY), MONDAY)
    expect(play(2, by, undefined, promoted).requested).toEqual([1])
  })
})

describe('cooldown after a deployment', () => {
  it('is longer than that after a request that changed nothing', () => {
    const by = unguarded({ cooldownMs: 2 * HOUR, deploymentCooldownMs: 5 * HOUR })
    const endedBy = (stage: 'promoted' | 'rejected' | 'rolled-back') =>
      applyDeployment(initialTriggerState(), deployment('r', stage, MONDAY), MONDAY)
    expect(play(8, by, undefined, endedBy('rejected')).requested[0]).toBe(2)
    for (const stage of ['promoted', 'rolled-back'] as const) {
      const { requested, state } = play(5, by, undefined, endedBy(stage))
      expect(requested).toEqual([])
      expect(state.suppressed.map(({ guard, count, reason }) => [guard, count, reason])).toEqual([
        [
          'cooldown',
          5,
          'another version serves since 2001-04-16T00:00:00.000Z, quiet until 2001-04-16T05:00:00.000Z',
        ],
      ])
      expect(play(6, by, undefined, endedBy(stage)).requested).toEqual([5])
    }
  })
})

describe('the cooldown after gates refused a candidate', () => {
  const by = policy(ON_PERFORMANCE, {
    cooldownMs: 14 * DAY,
    holdoutShare: 0.3,
    minimumSample: 0,
    retryGrowth: 2,
  })
  const change = MONDAY - 10 * HOUR
  const answered = episode({ changedAt: change })
  /** A hundred labelled events an hour, seven in ten of them learned from. */
  const hourly = {
    openEpisodes: [answered],
    labelledIn: ({ fromMs, toMs }: { fromMs: number; toMs: number }) => (100 * (toMs - fromMs)) / HOUR,
  }
  const refusal = (requestId: string, over: Partial<DeploymentEvent> = {}) => ({
    ...deployment(requestId, 'rejected', MONDAY),
    gates: [{ gate: 'AUC difference', passed: false, ...NO_NUMBERS }],
    ...over,
  })
  const refused = (over: Partial<DeploymentEvent> = {}, policyOfFirst = by): TriggerState => {
    const { state, requested } = play(1, policyOfFirst, () => hourly)
    expect(requested).toEqual([0])
    const event = refusal(state.inFlight[0]!.requestId, over)
    return applyDeployment(state, event, MONDAY)
  }

  it('is over once what would be learned of the change has grown so many times', () => {
    expect(play(31, by, () => hourly, refused()).requested).toEqual([10])
    const { state } = play(11, by, () => hourly, refused())
    expect(state.inFlight[0]!.attempt).toEqual({ episodeId: 'e1', learnedAfterChange: 1_400 })
    const waiting = play(8, by, () => hourly, refused()).state
    expect(waiting.suppressed[0]!.reason).toMatch(
      /quiet until 2001-04-30T00:00:00.000Z, or until 1400 labelled events after the change can be learned from: 1190 now, 700 in the candidate that was refused$/,
    )
  })

  it('and again twice as much after the next refusal, so attempts become rare', () => {
    let state = refused()
    const attempts: number[] = []
    for (let hour = 1; hour <= 160; hour++) {
      const observed = observation(MONDAY + hour * HOUR, hourly)
      const result = decideRetrain(state, observed, by)
      state = result.state
      if (result.decision === null) continue
      attempts.push(hour)
      state = applyDeployment(state, refusal(result.decision.requestId), observed.at)
    }
    expect(attempts).toEqual([10, 30, 70, 150])
  })

  it('is whole for another episode, a date, and where a growth was not asked for', () => {
    const other = { ...hourly, openEpisodes: [{ ...answered, id: 'e9' }] }
    expect(play(60, by, () => other, refused()).requested).toEqual([])
    const daily = { ...by, trigger: schedule('daily', '0 0 * * *') }
    expect(play(60, daily, () => hourly, refused()).requested).toEqual([])
    expect(play(60, { ...by, retryGrowth: null }, () => hourly, refused()).requested).toEqual([])
  })

  it('is whole after a rejection by a person or by live events, a failure, and a time that ran out', () => {
    const passed = [{ gate: 'AUC difference', passed: true, ...NO_NUMBERS }]
    for (const over of [{ gates: passed }, { stage: 'failed' }, { stage: 'timed-out' }] as const) {
      expect(play(60, by, () => hourly, refused(over)).requested).toEqual([])
    }
    const expired = play(80, { ...by, inFlightTimeoutMs: 6 * HOUR }, () => hourly)
    expect(expired.requested).toEqual([0])
  })

  it('does not shorten what a deployment is followed by', () => {
    const promoted = applyDeployment(refused(), deployment('other', 'promoted', MONDAY), MONDAY)
    expect(promoted.refused).toBeNull()
    const deployed = { ...refused(), deployedAt: MONDAY }
    const slow = { ...by, deploymentCooldownMs: 40 * HOUR }
    expect(play(60, slow, () => hourly, deployed).requested).toEqual([40])
  })

  it('leaves the other guards as they are', () => {
    const budget = { ...by, requestBudget: { requests: 1, perMs: 30 * HOUR } }
    expect(play(60, budget, () => hourly, refused({}, budget)).requested).toEqual([30])
  })
})

describe('the request budget', () => {
  it('allows so many requests in any stretch of its length', () => {
    const by = unguarded({ requestBudget: { requests: 2, perMs: 6 * HOUR } })
    const { requested, state } = play(14, by)
    expect(requested).toEqual([0, 1, 6, 7, 12, 13])
    expect(state.requestedAt.length).toBeLessThanOrEqual(2)
    expect(play(3, by).state.suppressed[0]!.reason).toBe(
      '2 of 2 requests are spent until 2001-04-16T06:00:00.000Z',
    )
  })
})

describe('quiet hours', () => {
  it('hold back until they are over', () => {
    const hours = { fromMinute: 0, toMinute: 3 * 60, timezone: 'UTC', days: [1] }
    const { requested, state } = play(4, unguarded({ quietHours: [hours] }))
    expect(requested).toEqual([3])
    expect(state.counts.suppressed).toEqual([{ guard: 'quiet-hours', count: 3 }])
  })
})

describe('new labels', () => {
  const by = unguarded({ minimumNewLabels: 100 })
  const labels = (hour: number) => ({ labelledTotal: 60 * hour })

  it('must come after every request', () => {
    expect(play(7, by, labels).requested).toEqual([2, 4, 6])
  })

  it('and after a promotion, counted from where it was seen', () => {
    const { state } = play(2, by, labels)
    const promoted = applyDeployment(state, deployment('r', 'promoted', MONDAY), MONDAY)
    expect(play(4, by, (hour) => labels(hour + 1), promoted).requested).toEqual([2])
  })

  it('are what a volume trigger waits for', () => {
    const volume = unguarded({ trigger: { kind: 'volume', name: 'volume', labelled: 100 } })
    expect(play(7, volume, (hour) => ({ ...quiet, ...labels(hour) })).requested).toEqual([2, 4, 6])
  })
})

describe('the age trigger', () => {
  it('counts from the first observation, and anew from a promotion', () => {
    const by = unguarded({ trigger: { kind: 'age', name: 'age', maxAgeMs: 3 * HOUR } })
    expect(play(5, by, () => quiet).requested).toEqual([3, 4])
    const promoted = applyDeployment(initialTriggerState(), deployment('r', 'promoted', 0), MONDAY - 2 * HOUR)
    expect(play(3, by, () => quiet, promoted).requested).toEqual([1, 2])
  })
})

describe('the queue', () => {
  it('has so many places', () => {
    const by = unguarded({ queueMax: 2 })
    expect(play(3, by, (hour) => ({ queued: 3 - hour })).requested).toEqual([2])
    expect(play(1, unguarded({}), () => ({ queued: 1000 })).requested).toEqual([0])
  })
})

describe('a wish', () => {
  const wish = { id: 'w1', by: 'ann', reason: 'new prices', at: MONDAY }
  const wished = { ...initialTriggerState(), wishes: addWish([], wish), endedAt: MONDAY, deployedAt: MONDAY }
  const allDay = { fromMinute: 0, toMinute: 0, timezone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6] }
  const strict = unguarded({
    hysteresis: { panes: 3, of: 3 },
    cooldownMs: DAY,
    quietHours: [allDay],
    minimumNewLabels: 1e9,
    inFlightTimeoutMs: DAY,
  })

  it('passes the guards that only guess, and is answered by one request', () => {
    const { decision, state } = decideRetrain(wished, observation(MONDAY), strict)
    expect(decision).toMatchObject({
      trigger: { name: 'manual', kind: 'manual', members: [], commands: ['w1'], reason: 'ann: new prices' },
      severity: 'routine',
      basis: 'last-window',
    })
    expect(state.wishes).toEqual([])
  })

  it('waits for those that know, and is dated by an episode that its policy answers', () => {
    const open = { openEpisodes: [episode(), BROKEN_PIPE] }
    const held = decideRetrain(wished, observation(MONDAY, open), strict)
    expect(held.decision).toBeNull()
    expect(held.state.suppressed).toMatchObject([{ trigger: 'manual', guard: 'diagnosis', count: 1 }])
    const later = observation(MONDAY + HOUR, { openEpisodes: [episode()] })
    expect(decideRetrain(held.state, later, strict).decision).toMatchObject({
      trigger: { kind: 'manual' },
      episode: episode(),
      severity: 'urgent',
    })
  })

  it('is given up after the time a request has, is one however often it is sent, and few wait at once', () => {
    const late = decideRetrain(wished, observation(MONDAY + DAY), strict)
    expect(late.decision).toBeNull()
    expect(late.state.wishes).toEqual([])
    expect(addWish(wished.wishes, wish)).toEqual([wish])
    const many = Array.from({ length: 30 }, (_, id) => ({ ...wish, id: `${id}` })).reduce(
      addWish,
      wished.wishes,
    )
    expect(many).toHaveLength(10)
  })
})
