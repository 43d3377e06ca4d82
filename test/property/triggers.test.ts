import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentStage, TERMINAL_STAGES } from '../../src/events/deployment-event.ts'
import { decideRetrain } from '../../src/triggers/decide.ts'
import { evaluateTrigger, schedulesOf } from '../../src/triggers/evaluate.ts'
import type { TriggerPolicy, TriggerSpec } from '../../src/triggers/policy.ts'
import { advanceSchedule } from '../../src/triggers/schedule.ts'
import { applyDeployment, initialTriggerState, type TriggerState } from '../../src/triggers/state.ts'
import {
  BROKEN_PIPE,
  deployment,
  episode,
  HOUR,
  MINUTE,
  MONDAY,
  ON_DRIFT,
  ON_PERFORMANCE,
  observation,
} from '../support/trigger-inputs.ts'

const HOURLY: TriggerSpec = { kind: 'schedule', name: 'hourly', cron: '0 * * * *', timezone: 'UTC' }

const trigger = fc.constantFrom<TriggerSpec>(
  HOURLY,
  ON_PERFORMANCE,
  { kind: 'any', name: 'either', of: [HOURLY, ON_PERFORMANCE, ON_DRIFT] },
  { kind: 'all', name: 'both', of: [HOURLY, { kind: 'any', name: 'bad', of: [ON_PERFORMANCE, ON_DRIFT] }] },
)

const policies: fc.Arbitrary<TriggerPolicy> = fc.record({
  trigger,
  cooldownMs: fc.constantFrom(0, 30 * MINUTE, 5 * HOUR),
  minimumSample: fc.constantFrom(0, 500),
  trainingWindowMs: fc.constant(48 * HOUR),
  inFlightTimeoutMs: fc.constantFrom(HOUR, 6 * HOUR),
})

const stages: readonly DeploymentStage[] = [
  'training',
  'validated',
  'rejected',
  'promoted',
  'failed',
  'refused',
]

type Step =
  | { kind: 'observe'; afterMinutes: number; open: readonly string[]; labelled: number }
  | { kind: 'deploy'; afterMinutes: number; stage: DeploymentStage; request: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('observe' as const),
        afterMinutes: fc.integer({ min: 0, max: 200 }),
        open: fc.subarray(['performance', 'data', 'broken']),
        labelled: fc.constantFrom(0, 499, 500),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('deploy' as const),
        afterMinutes: fc.integer({ min: 0, max: 60 }),
        stage: fc.constantFrom(...stages),
        // 0: the last request of ours; 1, 2: requests of others.
        request: fc.integer({ min: 0, max: 2 }),
      }),
    },
  ),
  { maxLength: 60 },
)

const EPISODES = {
  performance: episode(),
  data: episode({ id: 'e3', concern: 'data', diagnosis: 'watch' }),
  broken: BROKEN_PIPE,
}

interface Evaluated {
  readonly at: number
  readonly fired: boolean
  readonly broken: boolean
  readonly requestId: string | null
  readonly suppressed: number
}

/** Plays the steps, and tells of each evaluation what a bystander could see. */
function play(steps: readonly Step[], policy: TriggerPolicy) {
  const evaluations: Evaluated[] = []
  const ends: { requestId: string; at: number }[] = []
  let state: TriggerState = initialTriggerState()
  let at = MONDAY
  let lastRequest = 'none yet'
  for (const step of steps) {
    at += step.afterMinutes * MINUTE
    if (step.kind === 'deploy') {
      const requestId = step.request === 0 ? lastRequest : `other ${step.request}`
      if (TERMINAL_STAGES.has(step.stage)) ends.push({ requestId, at })
      state = applyDeployment(state, deployment(requestId, step.stage, at), at)
      continue
    }
    const openEpisodes = step.open.map((name) => EPISODES[name as keyof typeof EPISODES])
    const observed = observation(at, { openEpisodes, labelledSince: () => step.labelled })
    const schedules = schedulesOf(policy.trigger).map((schedule) =>
      advanceSchedule(
        state.schedules.find(({ name }) => name === schedule.name),
        schedule,
        at,
      ),
    )
    const fired = evaluateTrigger(policy.trigger, schedules, observed) !== null
    const { state: next, decision } = decideRetrain(state, observed, policy)
    const handedOut = decision?.suppressed.reduce((sum, { count }) => sum + count, 0) ?? 0
    evaluations.push({
      at,
      fired,
      broken: step.open.includes('broken'),
      requestId: decision?.requestId ?? null,
      suppressed: handedOut,
    })
    lastRequest = decision?.requestId ?? lastRequest
    state = next
  }
  const left = state.suppressed.reduce((sum, { count }) => sum + count, 0)
  return { evaluations, ends, left }
}

describe('for any sequence of observations and deployments', () => {
  it('two requests are never in flight at once, and none falls into the cooldown of the one before', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations, ends } = play(sequence, policy)
        const requests = evaluations.filter((evaluation) => evaluation.requestId !== null)
        requests.slice(1).forEach((request, index) => {
          const before = requests[index] as Evaluated
          const reported = ends.find((end) => end.requestId === before.requestId && end.at >= before.at)?.at
          const endedAt = Math.min(reported ?? Number.POSITIVE_INFINITY, before.at + policy.inFlightTimeoutMs)
          expect(request.at).toBeGreaterThanOrEqual(endedAt + policy.cooldownMs)
        })
      }),
      { numRuns: 500 },
    )
  })

  it('nothing is requested while the data is to be fixed', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations } = play(sequence, policy)
        expect(evaluations.filter(({ broken, requestId }) => broken && requestId !== null)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('every firing is either a request or counted as suppressed, exactly once', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations, left } = play(sequence, policy)
        const fired = evaluations.filter((evaluation) => evaluation.fired).length
        const requests = evaluations.filter((evaluation) => evaluation.requestId !== null).length
        const suppressed = evaluations.reduce((sum, evaluation) => sum + evaluation.suppressed, 0)
        expect(requests + suppressed + left).toBe(fired)
      }),
      { numRuns: 500 },
    )
  })
})
