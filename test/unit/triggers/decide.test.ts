import { describe, expect, it } from 'vitest'
import { decideRetrain, type RetrainDecision } from '../../../src/triggers/decide.ts'
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
  MONTHLY,
  ON_DRIFT,
  ON_PERFORMANCE,
  observation,
  policy,
} from '../../support/trigger-inputs.ts'

const fallen = (at: number, over: Partial<TriggerObservation> = {}) =>
  observation(at, { openEpisodes: [episode()], ...over })

/** Folds observations, and gives the decisions and the last state. The state goes through JSON each time. */
function decideAll(
  observations: readonly TriggerObservation[],
  by: TriggerPolicy,
  from: TriggerState = initialTriggerState(),
) {
  const decisions: RetrainDecision[] = []
  let state = from
  for (const each of observations) {
    const result = decideRetrain(state, each, by)
    state = JSON.parse(JSON.stringify(result.state)) as TriggerState
    expect(state).toEqual(result.state)
    if (result.decision !== null) decisions.push(result.decision)
  }
  return { decisions, state }
}

describe('a decision', () => {
  it('answers a performance episode from its change point on, and is urgent', () => {
    const { decisions, state } = decideAll([fallen(MONDAY)], policy(ON_PERFORMANCE))
    expect(decisions).toEqual([
      {
        requestId: expect.stringMatching(/^[0-9a-f]{16}$/),
        trigger: {
          name: 'performance',
          kind: 'performance',
          members: [],
          commands: [],
          reason: episode().summary,
        },
        episode: episode(),
        evidence: [],
        window: { fromMs: MONDAY - 2 * DAY, toMs: MONDAY },
        training: { fromMs: MONDAY - 2 * DAY, toMs: MONDAY },
        basis: 'since-change',
        deadlineAt: MONDAY + 6 * HOUR,
        suppressed: [],
        severity: 'urgent',
      },
    ])
    expect(state.inFlight).toEqual([
      {
        requestId: decisions[0]?.requestId,
        since: MONDAY,
        attempt: { episodeId: 'e1', learnedAfterChange: 1_000_000 },
      },
    ])
  })

  it('takes the training window for a schedule, and is routine', () => {
    const { decisions } = decideAll(
      [observation(MONDAY), observation(MONDAY + 16 * DAY)],
      policy(MONTHLY, { trainingWindowMs: 10 * DAY }),
    )
    expect(decisions).toMatchObject([
      {
        episode: null,
        training: { fromMs: MONDAY + 6 * DAY, toMs: MONDAY + 16 * DAY },
        severity: 'routine',
      },
    ])
  })

  it('is elevated for moved data', () => {
    const moved = episode({ concern: 'data', diagnosis: 'watch' })
    const { decisions } = decideAll([observation(MONDAY, { openEpisodes: [moved] })], policy(ON_DRIFT))
    expect(decisions[0]?.severity).toBe('elevated')
  })

  it('has the same id in a replay, and another for another version, trigger or time', () => {
    const id = (each: TriggerObservation, name = 'performance') =>
      decideAll([each], policy({ ...ON_PERFORMANCE, name })).decisions[0]?.requestId
    expect(id(fallen(MONDAY))).toBe(id(fallen(MONDAY)))
    const ids = [
      id(fallen(MONDAY)),
      id(fallen(MONDAY + 1)),
      id(fallen(MONDAY, { version: '2' })),
      id(fallen(MONDAY, { model: 'trains' })),
      id(fallen(MONDAY), 'quality'),
    ]
    expect(new Set(ids).size).toBe(5)
  })
})

describe('guards', () => {
  const hours = (count: number, each: (at: number) => TriggerObservation = fallen) =>
    Array.from({ length: count }, (_, hour) => each(MONDAY + hour * HOUR))

  it('in-flight holds back until the terminal event, and cooldown from there on', () => {
    const by = policy(ON_PERFORMANCE, { cooldownMs: 3 * HOUR })
    const first = decideAll(hours(3), by)
    const requestId = first.decisions[0]?.requestId ?? ''
    expect(first.decisions).toHaveLength(1)
    expect(first.state.suppressed).toEqual([
      {
        trigger: 'performance',
        guard: 'in-flight',
        firstAt: MONDAY + HOUR,
        lastAt: MONDAY + 2 * HOUR,
        count: 2,
        reason: `request ${requestId} has been in flight since 2001-04-16T00:00:00.000Z`,
      },
    ])

    const validated = applyDeployment(
      first.state,
      deployment(requestId, 'validated', MONDAY + 2.4 * HOUR),
      MONDAY + 2.4 * HOUR,
    )
    expect(validated).toEqual(first.state)
    const ended = applyDeployment(
      validated,
      deployment(requestId, 'rejected', MONDAY + 2.5 * HOUR),
      MONDAY + 2.5 * HOUR,
    )
    const second = decideAll(hours(7).slice(3), by, ended)
    expect(second.decisions).toMatchObject([
      {
        training: { toMs: MONDAY + 6 * HOUR },
        suppressed: [
          { guard: 'in-flight', count: 2 },
          {
            guard: 'cooldown',
            firstAt: MONDAY + 3 * HOUR,
            lastAt: MONDAY + 5 * HOUR,
            count: 3,
            reason:
              'the last request ended at 2001-04-16T02:30:00.000Z, quiet until 2001-04-16T05:30:00.000Z',
          },
        ],
      },
    ])
    expect(second.state.suppressed).toEqual([])
  })

  it('in-flight gives up after its timeout, and the cooldown follows', () => {
    const by = policy(ON_PERFORMANCE, { inFlightTimeoutMs: 6 * HOUR, cooldownMs: 2 * HOUR })
    const { decisions } = decideAll(hours(9), by)
    expect(decisions.map((decision) => decision.training.toMs)).toEqual([MONDAY, MONDAY + 8 * HOUR])
    expect(decisions[1]?.suppressed.map(({ guard, count }) => [guard, count])).toEqual([
      ['in-flight', 5],
      ['cooldown', 2],
    ])
  })

  it("counts another's retrain as in flight, and its end as the start of the cooldown", () => {
    const by = policy(ON_PERFORMANCE, { cooldownMs: HOUR })
    const training = applyDeployment(
      initialTriggerState(),
      deployment('by hand', 'training', MONDAY - HOUR),
      MONDAY - HOUR,
    )
    expect(decideAll([fallen(MONDAY)], by, training).state.suppressed).toMatchObject([{ guard: 'in-flight' }])
    const promoted = applyDeployment(
      training,
      deployment('by hand', 'promoted', MONDAY - HOUR / 2),
      MONDAY - HOUR / 2,
    )
    expect(decideAll([fallen(MONDAY)], by, promoted).state.suppressed).toMatchObject([{ guard: 'cooldown' }])
    expect(decideAll([fallen(MONDAY + HOUR)], by, promoted).decisions).toHaveLength(1)
  })

  it('counts what ended by a clock, before there was stream time, from the first observation', () => {
    const by = policy(ON_PERFORMANCE, { cooldownMs: 2 * HOUR })
    const later = MONDAY + 9000 * DAY
    const ended = applyDeployment(initialTriggerState(), deployment('old', 'promoted', later), later)
    const { decisions } = decideAll(hours(4), by, ended)
    expect(decisions.map(({ training }) => training.toMs)).toEqual([MONDAY + 2 * HOUR])

    const training = applyDeployment(initialTriggerState(), deployment('old', 'training', later), later)
    const timed = policy(ON_PERFORMANCE, { cooldownMs: 0, inFlightTimeoutMs: 3 * HOUR })
    expect(decideAll(hours(4), timed, training).decisions).toHaveLength(1)
  })

  it('takes no notice of a refusal of a request it does not know', () => {
    const refused = applyDeployment(initialTriggerState(), deployment('stale', 'refused', MONDAY), MONDAY)
    expect(refused).toEqual(initialTriggerState())
    expect(decideAll([fallen(MONDAY)], policy(ON_PERFORMANCE), refused).decisions).toHaveLength(1)
  })

  it('minimum-sample counts labelled events in the training range', () => {
    const asked: number[] = []
    const labelledIn = ({ fromMs }: { fromMs: number }) => {
      asked.push(fromMs)
      return 999
    }
    const { decisions, state } = decideAll([fallen(MONDAY, { labelledIn })], policy(ON_PERFORMANCE))
    expect(decisions).toEqual([])
    expect(asked[0]).toBe(MONDAY - 2 * DAY)
    expect(state.suppressed).toMatchObject([
      { guard: 'minimum-sample', reason: '999 of 1000 labelled events since 2001-04-14T00:00:00.000Z' },
    ])
    expect(
      decideAll([fallen(MONDAY, { labelledIn: () => 1000 })], policy(ON_PERFORMANCE)).decisions,
    ).toHaveLength(1)
  })

  it('diagnosis lets nothing pass while the pipe is broken, a schedule neither', () => {
    const openEpisodes = [episode(), BROKEN_PIPE]
    const broken = decideAll([fallen(MONDAY, { openEpisodes })], policy(ON_PERFORMANCE))
    expect(broken.decisions).toEqual([])
    expect(broken.state.suppressed).toMatchObject([
      { guard: 'diagnosis', reason: `the data must be fixed first: ${BROKEN_PIPE.summary}` },
    ])
    const monthly = decideAll(
      [observation(MONDAY), observation(MONDAY + 16 * DAY, { openEpisodes: [BROKEN_PIPE] })],
      policy(MONTHLY),
    )
    expect(monthly.decisions).toEqual([])
    expect(monthly.state.suppressed).toMatchObject([{ trigger: 'monthly', guard: 'diagnosis', count: 1 }])
  })
})

describe('a schedule that a guard holds back', () => {
  const firstOfMay = Date.UTC(2001, 4, 1, 3)

  it('is asked for when the guard opens', () => {
    const { decisions } = decideAll(
      [
        observation(MONDAY),
        observation(firstOfMay, { openEpisodes: [BROKEN_PIPE] }),
        observation(firstOfMay + HOUR, { openEpisodes: [BROKEN_PIPE] }),
        observation(firstOfMay + 2 * HOUR),
        observation(firstOfMay + 40 * HOUR),
      ],
      policy(MONTHLY, { inFlightTimeoutMs: HOUR, cooldownMs: HOUR }),
    )
    expect(decisions).toMatchObject([
      { training: { toMs: firstOfMay + 2 * HOUR }, suppressed: [{ guard: 'diagnosis', count: 2 }] },
    ])
  })

  it('is answered by any request', () => {
    const either = { kind: 'any', name: 'either', of: [MONTHLY, ON_PERFORMANCE] } as const
    const { decisions } = decideAll(
      [
        observation(MONDAY),
        observation(firstOfMay, { labelledIn: () => 0 }),
        observation(firstOfMay + HOUR, { openEpisodes: [episode()] }),
        observation(firstOfMay + 9 * DAY),
      ],
      policy(either),
    )
    expect(decisions).toMatchObject([{ trigger: { members: ['monthly', 'performance'] } }])
  })

  it('that an "all" did not take up is over', () => {
    const both = { kind: 'all', name: 'both', of: [MONTHLY, ON_PERFORMANCE] } as const
    const { decisions, state } = decideAll(
      [observation(MONDAY), observation(firstOfMay), fallen(firstOfMay + HOUR)],
      policy(both),
    )
    expect(decisions).toEqual([])
    expect(state.suppressed).toEqual([])
  })
})
