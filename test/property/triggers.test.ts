import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeploymentStage, TERMINAL_STAGES } from '../../src/events/deployment-event.ts'
import { decideRetrain, type RetrainDecision } from '../../src/triggers/decide.ts'
import { evaluateTrigger } from '../../src/triggers/evaluate.ts'
import { addWish } from '../../src/triggers/manual.ts'
import { OPEN_GUARDS, type TriggerPolicy, type TriggerSpec } from '../../src/triggers/policy.ts'
import { remember } from '../../src/triggers/remember.ts'
import {
  type Attempt,
  applyDeployment,
  initialTriggerState,
  type TriggerState,
} from '../../src/triggers/state.ts'
import {
  BROKEN_PIPE,
  deployment,
  episode,
  HOUR,
  MINUTE,
  MONDAY,
  metricFinding,
  ON_DRIFT,
  ON_PERFORMANCE,
  observation,
  schedule,
} from '../support/trigger-inputs.ts'

const HOURLY = schedule('hourly', '0 * * * *', { jitterMs: 20 * MINUTE })
const ONCE = schedule('once', '30 * * * *', { catchUp: false })
const LOW_AUC: TriggerSpec = {
  kind: 'metric',
  name: 'low auc',
  metric: 'auc',
  source: 'measured',
  rule: { kind: 'below', limit: 0.7 },
}
const FALLING_AUC: TriggerSpec = {
  ...LOW_AUC,
  name: 'falling auc',
  rule: { kind: 'worse-within', share: 0.1, withinMs: 5 * HOUR },
}
const COSTLY: TriggerSpec = {
  kind: 'cost',
  name: 'costly',
  metric: 'auc',
  source: 'measured',
  costPerUnit: 1,
  retrainCost: 500,
  horizonMs: 48 * HOUR,
  predictionsPerDay: null,
  recoverable: 1,
}
const ENOUGH: TriggerSpec = { kind: 'volume', name: 'enough', labelled: 300 }
const OLD: TriggerSpec = { kind: 'age', name: 'old', maxAgeMs: 10 * HOUR }

const SINGLE: readonly TriggerSpec[] = [
  HOURLY,
  ONCE,
  ON_PERFORMANCE,
  ON_DRIFT,
  LOW_AUC,
  FALLING_AUC,
  COSTLY,
  ENOUGH,
  OLD,
]

const members = fc.shuffledSubarray([...SINGLE], { minLength: 1 })
const weighted = fc.tuple(members, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 9, maxLength: 9 }))

/** Combined triggers whose members have no order among themselves. */
const unordered: fc.Arbitrary<TriggerSpec> = fc.oneof(
  fc.record({ kind: fc.constantFrom('any', 'all'), name: fc.constant('joined'), of: members }),
  fc.record({
    kind: fc.constant('at-least' as const),
    name: fc.constant('joined'),
    needed: fc.integer({ min: 1, max: 3 }),
    of: members,
  }),
  fc
    .record({ needed: fc.integer({ min: 1, max: 9 }), weighted })
    .map(({ needed, weighted: [of, weights] }) => ({
      kind: 'votes' as const,
      name: 'joined',
      needed,
      of: of.map((trigger, index) => ({ trigger, weight: weights[index]! })),
    })),
)

const trigger: fc.Arbitrary<TriggerSpec> = fc.oneof(
  fc.constantFrom(...SINGLE),
  unordered,
  unordered.map((suspicion) => ({
    kind: 'confirmed' as const,
    name: 'confirmed',
    suspicion,
    proof: { kind: 'any' as const, name: 'bad', of: [{ ...ON_PERFORMANCE, name: 'fallen' }] },
    withinMs: 3 * HOUR,
  })),
)

const policies: fc.Arbitrary<TriggerPolicy> = fc.record({
  trigger,
  hysteresis: fc.constantFrom({ panes: 1, of: 1 }, { panes: 2, of: 3 }),
  cooldownMs: fc.constantFrom(0, 30 * MINUTE, 5 * HOUR),
  deploymentCooldownMs: fc.constantFrom(0, 8 * HOUR),
  requestBudget: fc.constantFrom(null, { requests: 2, perMs: 12 * HOUR }),
  quietHours: fc.constantFrom(
    [],
    [{ fromMinute: 22 * 60, toMinute: 6 * 60, timezone: 'Europe/Vienna', days: [1, 2, 3] }],
  ),
  minimumNewLabels: fc.constantFrom(0, 100),
  minimumSample: fc.constantFrom(0, 500),
  holdoutShare: fc.constantFrom(null, 0.3, 0.5),
  retryGrowth: fc.constantFrom(null, 2),
  queueMax: fc.constantFrom(null, 2),
  priority: fc.constant(0),
  trainingWindowMs: fc.constant(48 * HOUR),
  trainingEvents: fc.constantFrom(null, 400),
  deadlineMs: fc.constant(HOUR),
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
  | {
      kind: 'observe'
      afterMinutes: number
      open: readonly string[]
      labelled: number
      newLabels: number
      auc: number
      queued: number
      broken: boolean
    }
  | { kind: 'deploy'; afterMinutes: number; stage: DeploymentStage; request: number }
  | { kind: 'wish'; afterMinutes: number }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('observe' as const),
        afterMinutes: fc.integer({ min: 0, max: 200 }),
        open: fc.subarray(['performance', 'data', 'broken']),
        labelled: fc.constantFrom(0, 499, 500, 5_000),
        newLabels: fc.integer({ min: 0, max: 200 }),
        auc: fc.constantFrom(0.6, 0.75, 0.8),
        queued: fc.integer({ min: 0, max: 3 }),
        broken: fc.boolean(),
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
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wish' as const),
        afterMinutes: fc.integer({ min: 0, max: 60 }),
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
  readonly step: Extract<Step, { kind: 'observe' }>
  readonly brokenUntil: number
  readonly decision: RetrainDecision | null
  /** What the request was to answer, where there is one. */
  readonly attempt: Attempt | null
}

/** The rejections of a run are those of gates. */
const GATES = {
  gates: [
    {
      gate: 'AUC difference',
      passed: false,
      value: null,
      lower: null,
      upper: null,
      threshold: null,
      n: 0,
      message: '',
    },
  ],
}

/** Plays the steps, and tells of each evaluation what a bystander could see. */
function play(sequence: readonly Step[], policy: TriggerPolicy) {
  const evaluations: Evaluated[] = []
  const ends: { requestId: string; at: number; stage: DeploymentStage }[] = []
  let state: TriggerState = initialTriggerState()
  let at = MONDAY
  let labelledTotal = 0
  let lastRequest = 'none yet'
  for (const [index, step] of sequence.entries()) {
    at += step.afterMinutes * MINUTE
    if (step.kind === 'wish') {
      state = { ...state, wishes: addWish(state.wishes, { id: `${index}`, by: 'ann', reason: 'now', at }) }
      continue
    }
    if (step.kind === 'deploy') {
      const requestId = step.request === 0 ? lastRequest : `other ${step.request}`
      if (TERMINAL_STAGES.has(step.stage)) ends.push({ requestId, at, stage: step.stage })
      state = applyDeployment(state, { ...deployment(requestId, step.stage, at), ...GATES }, at)
      continue
    }
    labelledTotal += step.newLabels
    const brokenUntil = at - 20 * HOUR
    const observed = observation(at, {
      openEpisodes: step.open.map((name) => EPISODES[name as keyof typeof EPISODES]),
      findings: [metricFinding(at, { value: step.auc, effectUpper: step.auc - 0.8 })],
      labelledIn: ({ fromMs, toMs }) => (toMs > fromMs ? step.labelled : 0),
      labelledTotal,
      labelledUntil: at - HOUR,
      broken: step.broken ? [{ fromMs: brokenUntil - HOUR, toMs: brokenUntil }] : [],
      queued: step.queued,
    })
    const known = remember(state, observed, policy)
    const fired = known.wishes.length > 0 || evaluateTrigger(policy.trigger, known, observed) !== null
    const { state: next, decision } = decideRetrain(state, observed, policy)
    const attempt = decision === null ? null : next.inFlight.at(-1)!.attempt
    evaluations.push({ at, fired, step, brokenUntil, decision, attempt })
    lastRequest = decision?.requestId ?? lastRequest
    state = JSON.parse(JSON.stringify(next)) as TriggerState
    expect(state).toEqual(next)
  }
  return { evaluations, ends, state }
}

const held = (entries: readonly { count: number }[]) => entries.reduce((sum, { count }) => sum + count, 0)

describe('for any sequence of observations, deployments and wishes', () => {
  it('every firing is either a request or counted as suppressed, exactly once; the state is plain data', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations, state } = play(sequence, policy)
        const fired = evaluations.filter((evaluation) => evaluation.fired).length
        const requests = evaluations.flatMap(({ decision }) => decision ?? [])
        const handedOut = requests.reduce((sum, { suppressed }) => sum + held(suppressed), 0)
        expect(requests.length + handedOut + held(state.suppressed)).toBe(fired)
        expect(state.counts.fired).toBe(fired)
        expect(state.counts.requested).toBe(requests.length)
        expect(held(state.counts.suppressed)).toBe(fired - requests.length)
      }),
      { numRuns: 300 },
    )
  })

  it('guards only ever hold back: what is requested has fired, and with all of them open all that fires passes', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations } = play(sequence, policy)
        expect(evaluations.filter(({ fired, decision }) => decision !== null && !fired)).toEqual([])
        const open: TriggerPolicy = {
          ...policy,
          ...OPEN_GUARDS,
          cooldownMs: 0,
          minimumSample: 0,
          inFlightTimeoutMs: 0,
        }
        const healthy = sequence.flatMap((step) => {
          if (step.kind === 'deploy') return []
          return step.kind === 'wish'
            ? step
            : { ...step, open: step.open.filter((name) => name !== 'broken') }
        })
        for (const { fired, decision } of play(healthy, open).evaluations)
          expect(decision !== null).toBe(fired)
      }),
      { numRuns: 200 },
    )
  })

  it('two requests are never in flight at once, nor inside a cooldown unless a person asked or much more is known', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations, ends } = play(sequence, policy)
        const requests = evaluations.filter(({ decision }) => decision !== null)
        requests.slice(1).forEach((request, index) => {
          const before = requests[index]!
          const { requestId } = before.decision!
          const reported = ends.find((end) => end.requestId === requestId && end.at >= before.at)
          const timedOutAt = before.at + policy.inFlightTimeoutMs
          const endedAt = Math.min(reported?.at ?? Number.POSITIVE_INFINITY, timedOutAt)
          expect(request.at).toBeGreaterThanOrEqual(endedAt)
          const isWish = request.decision!.trigger.kind === 'manual'
          if (isWish || request.at >= endedAt + policy.cooldownMs) return
          const [was, is] = [before.attempt!, request.attempt!]
          expect(reported?.stage).toBe('rejected')
          expect(is.episodeId).toBe(was.episodeId)
          expect(is.learnedAfterChange).toBeGreaterThanOrEqual(policy.retryGrowth! * was.learnedAfterChange)
        })
      }),
      { numRuns: 300 },
    )
  })

  it('keeps to the budget, the queue, the sample, and never learns from a broken pipe', () => {
    fc.assert(
      fc.property(steps, policies, (sequence, policy) => {
        const { evaluations } = play(sequence, policy)
        const requests = evaluations.filter(({ decision }) => decision !== null)
        for (const { at, step, brokenUntil, decision } of requests) {
          const { fromMs, toMs } = decision!.training
          expect(step.open).not.toContain('broken')
          expect(fromMs).toBeLessThan(toMs)
          expect(toMs).toBeLessThanOrEqual(at - HOUR)
          expect(step.labelled).toBeGreaterThanOrEqual(policy.minimumSample)
          if (step.broken) expect(fromMs >= brokenUntil || toMs <= brokenUntil - HOUR).toBe(true)
          if (policy.queueMax !== null) expect(step.queued).toBeLessThan(policy.queueMax)
          const { requests: most, perMs } = policy.requestBudget ?? { requests: Infinity, perMs: 0 }
          const near = requests.filter((other) => other.at <= at && other.at > at - perMs)
          expect(near.length).toBeLessThanOrEqual(most)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('the order of members changes nothing for any, all, at-least and votes', () => {
    const reversed = (spec: TriggerSpec): TriggerSpec =>
      'of' in spec ? ({ ...spec, of: [...spec.of].reverse() } as TriggerSpec) : spec
    fc.assert(
      fc.property(steps, policies, unordered, (sequence, policy, combined) => {
        const decisions = (spec: TriggerSpec) =>
          play(sequence, { ...policy, trigger: spec }).evaluations.map(({ decision }) => decision)
        expect(decisions(reversed(combined))).toEqual(decisions(combined))
      }),
      { numRuns: 150 },
    )
  })
})
