import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comparisonEventExample } from '../../src/events/comparison-event.ts'
import {
  type DeploymentEvent,
  type DeploymentStage,
  deploymentEvent,
  deploymentStage,
  TERMINAL_STAGES,
} from '../../src/events/deployment-event.ts'
import { retrainRequestExample } from '../../src/events/retrain-request.ts'
import { APPROVAL_DEFAULTS, type ApprovalOptions } from '../../src/retraining/approval.ts'
import { advanceRollout, type RolloutInput } from '../../src/retraining/rollout.ts'
import { type RolloutOptions, STRAIGHT } from '../../src/retraining/rollout-options.ts'
import { initialRolloutState, type RolloutState } from '../../src/retraining/rollout-state.ts'

const NOW = Date.UTC(2001, 3, 22, 15)
const HOUR = 3_600_000
const RUNS = 2000

/** An input that may depend on where the rollout stands: most fit, some are of another request or stage. */
type Move = (state: RolloutState, number: number) => RolloutInput

/** One time in six about a request that is not on its way. */
const stray = fc.nat({ max: 5 }).map((each) => each === 0)

const requestOf = (state: RolloutState, isStray: boolean): string =>
  isStray ? (state.answered[0] ?? 'never') : ((state.current ?? state.watching)?.requestId ?? 'none')

const request = fc
  .tuple(stray, stray, fc.constantFrom('performance' as const, 'performance' as const, 'manual' as const))
  .map(
    ([isStray, isRepeat, kind]): Move =>
      (state, number) => {
        const id = isRepeat ? (state.answered.at(-1) ?? 'r0') : `r${number}`
        const trigger = { ...retrainRequestExample.trigger, kind }
        const version = isStray ? '99' : state.champion
        return { kind: 'request', request: { ...retrainRequestExample, id, version, trigger } }
      },
  )

const judged = fc.tuple(stray, stray).map(
  ([isStray, isShut]): Move =>
    (state) => ({
      kind: 'judged',
      requestId: requestOf(state, isStray),
      passed: !isShut,
      gates: [],
      artifact: '/models/2',
      referenceId: 'r2',
    }),
)

const command = fc
  .tuple(stray, fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const, 'cancel' as const))
  .map(
    ([isStray, kind]): Move =>
      (state) => {
        const requestId = requestOf(state, isStray)
        return {
          kind: 'command',
          command: { id: 'c', model: 'flights', at: NOW, by: 'ada', reason: '', kind, requestId },
        }
      },
  )

/** What a detector may say: mostly of the stage that is, else of one that is over or never was. */
const compared = fc
  .record({
    isStray: stray,
    ofStage: fc.option(fc.constantFrom('shadow' as const, 'canary' as const, 'watch' as const)),
    ofStep: fc.option(fc.nat({ max: 2 })),
    hours: fc.nat({ max: 30 }),
    logHarm: fc.constantFrom(-2, -2, 0, 0, 9),
    logProof: fc.constantFrom(-2, 0, 9),
    labelled: fc.constantFrom(0, 50, 500),
    isSilent: stray,
  })
  .map(
    ({ isStray, ofStage, ofStep, hours, labelled, isSilent, logHarm, logProof }): Move =>
      (state) => {
        const at = comparisonEventExample.since + hours * HOUR
        const side = { ...comparisonEventExample.challenger, labelled, events: labelled }
        const comparison = {
          ...comparisonEventExample,
          requestId: requestOf(state, isStray),
          stage: ofStage ?? (state.current === null ? 'watch' : (state.current.phase ?? 'shadow')),
          step: ofStep ?? state.current?.step ?? 0,
          at,
          logHarm,
          logProof,
          challenger: side,
          stepLabelled: labelled,
          checks: [{ check: 'missing' as const, failed: isSilent, n: 9, message: 'silent' }],
        }
        return { kind: 'compared', comparison }
      },
  )

const inputs = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: request },
    { weight: 2, arbitrary: judged },
    { weight: 1, arbitrary: command },
    { weight: 6, arbitrary: compared },
    {
      weight: 1,
      arbitrary: fc.boolean().map(
        (stalled): Move =>
          () => ({ kind: 'tick', stalled }),
      ),
    },
    { weight: 1, arbitrary: fc.constant<Move>(() => ({ kind: 'resume' })) },
  ),
  { minLength: 5, maxLength: 60, size: 'max' },
)

const rules = fc.record({
  approval: fc.oneof(
    fc.constant<ApprovalOptions>(APPROVAL_DEFAULTS),
    fc.record({
      required: fc.constant(true),
      timeoutMs: fc.constantFrom(0, HOUR),
      onTimeout: fc.constantFrom('reject' as const, 'promote' as const),
      before: fc.constantFrom('canary' as const, 'promotion' as const),
    }),
  ),
  rollout: fc.record({
    shadow: fc.option(
      fc.record({
        minimumMs: fc.constant(HOUR),
        maximumMs: fc.constant(20 * HOUR),
        labelledMin: fc.constant(100),
        onTimeout: fc.constantFrom('reject' as const, 'continue' as const),
      }),
    ),
    canary: fc.option(
      fc.record({
        steps: fc.constantFrom([0.05, 0.25, 0.5], [0.5]),
        stepMinimumMs: fc.constant(HOUR),
        maximumMs: fc.constant(20 * HOUR),
        labelledMin: fc.constant(100),
        onTimeout: fc.constantFrom('promote' as const, 'rollback' as const, 'approve' as const),
      }),
    ),
    watch: fc.option(fc.constant({ durationMs: 10 * HOUR })),
    harm: fc.constant(0.05),
    proof: fc.constant(0.05),
    margin: fc.constant(0.01),
  }),
})

interface Rules {
  readonly approval: ApprovalOptions
  readonly rollout: RolloutOptions
}

function fold(moves: readonly Move[], { approval, rollout }: Rules, from?: RolloutState) {
  let state = from ?? initialRolloutState('flights', '1')
  const events: DeploymentEvent[] = []
  moves.forEach((move, number) => {
    const result = advanceRollout(state, move(state, number), NOW + number * HOUR, approval, rollout)
    state = result.state
    events.push(...result.events)
  })
  return { state, events }
}

const readBack = (events: readonly DeploymentEvent[]): Move[] =>
  events.map((event) => () => ({ kind: 'deployment', event }))

/** The ends a request can have; a promotion that is watched has one more after it. */
const ENDS: readonly DeploymentStage[] = [...TERMINAL_STAGES].filter((stage) => stage !== 'confirmed')

describe('a rollout through any stages', () => {
  it('is tried at every stage there is', () => {
    const seen = new Map<string, number>()
    for (const [list, by] of fc.sample(fc.tuple(inputs, rules), { numRuns: RUNS, seed: 1 })) {
      for (const { stage } of fold(list, by).events) seen.set(stage, (seen.get(stage) ?? 0) + 1)
    }
    // Trainings are handed over elsewhere, and nobody else promotes here.
    const others = ['training', 'validating', 'failed']
    const rare = deploymentStage.options.filter(
      (stage) => !others.includes(stage) && (seen.get(stage) ?? 0) < 20,
    )
    expect(rare).toEqual([])
  })

  it('reaches one end, promotes once, and its share only grows until it is taken back whole', () => {
    fc.assert(
      fc.property(inputs, rules, (list, by) => {
        const { events } = fold(list, by)
        for (const requestId of new Set(events.map((event) => event.requestId))) {
          const of = events.filter((event) => event.requestId === requestId && event.stage !== 'refused')
          expect(of.filter(({ stage }) => stage === 'promoted').length).toBeLessThanOrEqual(1)
          const end = of.findIndex(({ stage }) => ENDS.includes(stage))
          const after = end === -1 ? [] : of.slice(end + 1).map(({ stage }) => stage)
          // Only a watched promotion is followed by anything, and by one thing.
          expect(after.length).toBeLessThanOrEqual(of[end]?.watched === true ? 1 : 0)
          for (const stage of after) expect(['confirmed', 'rolled-back']).toContain(stage)
          let share = 0
          for (const { stage, trafficShare } of of) {
            const isTakenBack = trafficShare === 0 && TERMINAL_STAGES.has(stage)
            if (!isTakenBack) expect(trafficShare).toBeGreaterThanOrEqual(share)
            share = isTakenBack ? 0 : trafficShare
          }
        }
        expect(new Set(events.map((event) => event.id)).size).toBe(events.length)
        for (const event of events) expect(deploymentEvent.parse(event)).toEqual(event)
      }),
      { numRuns: RUNS },
    )
  })

  it('is after a restart what it was before, wherever the log ended, and a log read twice is read once', () => {
    fc.assert(
      fc.property(inputs, rules, fc.nat(), (list, by, cut) => {
        const live = fold(list, by)
        const some = live.events.slice(0, cut % (live.events.length + 1))
        const once = fold(readBack(some), by).state
        expect(fold(readBack(some.flatMap((each) => [each, each])), by).state).toEqual(once)
        expect(fold(readBack(live.events), by).state).toEqual(live.state)
      }),
      { numRuns: RUNS },
    )
  })

  it('without stages goes straight from the gates to all traffic', () => {
    const straight = { approval: APPROVAL_DEFAULTS, rollout: STRAIGHT }
    const asked: RolloutInput = {
      kind: 'request',
      request: { ...retrainRequestExample, id: 'a', version: '1' },
    }
    const passed: RolloutInput = {
      kind: 'judged',
      requestId: 'a',
      passed: true,
      gates: [],
      artifact: '/models/2',
      referenceId: 'r2',
    }
    expect(fold([() => asked, () => passed], straight).events.map(({ stage }) => stage)).toEqual([
      'accepted',
      'validated',
      'promoted',
    ])
  })

  it('never serves a candidate that was measured against another champion', () => {
    fc.assert(
      fc.property(inputs, rules, (list, by) => {
        let champion = '1'
        for (const { stage, fromVersion, toVersion } of fold(list, by).events) {
          if (['shadow', 'canary', 'promoted'].includes(stage)) expect(fromVersion).toBe(champion)
          if (stage === 'promoted') champion = toVersion
          else if (stage === 'rolled-back' && champion === toVersion) champion = fromVersion
        }
      }),
      { numRuns: RUNS },
    )
  })
})
