import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../../src/errors/driftstream-error.ts'
import {
  type DeploymentEvent,
  deploymentEvent,
  TERMINAL_STAGES,
} from '../../../src/events/deployment-event.ts'
import { type RetrainRequest, retrainRequestExample } from '../../../src/events/retrain-request.ts'
import type { ApprovalOptions } from '../../../src/retraining/approval.ts'
import { advanceRollout, type RolloutInput } from '../../../src/retraining/rollout.ts'
import {
  ANSWERED_MAX,
  initialRolloutState,
  type RolloutState,
} from '../../../src/retraining/rollout-state.ts'

const NOW = Date.UTC(2001, 3, 22, 15)
const START = initialRolloutState('flights', '1')

const request = (id: string, version = '1'): RetrainRequest => ({ ...retrainRequestExample, id, version })
const ask = (id: string, version?: string): RolloutInput => ({
  kind: 'request',
  request: request(id, version),
})

const gate = (passed: boolean) => ({
  gate: 'log-loss difference',
  passed,
  value: passed ? -0.06 : 0.01,
  lower: -0.07,
  upper: passed ? -0.05 : 0.02,
  threshold: 0,
  n: 900,
  message: 'log-loss of the challenger minus the champion on 900 holdout events',
})

const judged = (requestId: string, passed = true): RolloutInput => ({
  kind: 'judged',
  requestId,
  passed,
  gates: [gate(passed)],
  artifact: '/models/2/model.json',
  referenceId: '5be1a7c09d3e4f20',
})

const failed = (requestId: string): RolloutInput => ({
  kind: 'training-failed',
  requestId,
  reason: 'exited with 3',
})

/** Folds inputs; the state goes through JSON each time. */
function fold(inputs: readonly RolloutInput[], from: RolloutState = START) {
  const events: DeploymentEvent[] = []
  let effects: readonly unknown[] = []
  let state = from
  for (const input of inputs) {
    const result = advanceRollout(state, input, NOW)
    state = JSON.parse(JSON.stringify(result.state)) as RolloutState
    expect(state).toEqual(result.state)
    for (const each of result.events) expect(deploymentEvent.parse(each)).toEqual(each)
    events.push(...result.events)
    effects = result.effects
  }
  return { state, events, effects, stages: events.map((each) => `${each.requestId} ${each.stage}`) }
}

const readBack = (events: readonly DeploymentEvent[]): RolloutInput[] =>
  events.map((event) => ({ kind: 'deployment', event }))

describe('a rollout', () => {
  it('trains when asked, and says for whom', () => {
    const { events, effects, state } = fold([ask('a')])
    expect(events).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        requestId: 'a',
        model: 'flights',
        fromVersion: '1',
        toVersion: '2',
        stage: 'accepted',
        at: NOW,
        request: request('a'),
        gates: [],
        artifact: null,
        referenceId: null,
        trafficShare: 0,
        reason: retrainRequestExample.trigger.reason,
      },
    ])
    expect(effects).toEqual([
      {
        kind: 'train',
        request: request('a'),
        fromVersion: '1',
        toVersion: '2',
        job: null,
        restarts: 0,
        acceptedAt: NOW,
      },
    ])
    expect(state.champion).toBe('1')
  })

  it('promotes a candidate that passed, with artifact, reference and gates', () => {
    const { events, stages, state } = fold([ask('a'), judged('a')])
    expect(stages).toEqual(['a accepted', 'a validated', 'a promoted'])
    expect(events[2]).toMatchObject({
      fromVersion: '1',
      toVersion: '2',
      request: null,
      gates: [gate(true)],
      artifact: '/models/2/model.json',
      referenceId: '5be1a7c09d3e4f20',
      trafficShare: 1,
      reason: 'all gates passed',
    })
    expect(state).toMatchObject({ champion: '2', current: null })
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
  })

  it('rejects one that did not, and names the gate', () => {
    const { events, stages, state } = fold([ask('a'), judged('a', false)])
    expect(stages).toEqual(['a accepted', 'a rejected'])
    expect(events[1]).toMatchObject({
      reason: 'log-loss difference: log-loss of the challenger minus the champion on 900 holdout events',
      trafficShare: 0,
    })
    expect(state).toMatchObject({ champion: '1', current: null })
  })

  it('fails with the trainer', () => {
    const { events, stages } = fold([ask('a'), failed('a')])
    expect(stages).toEqual(['a accepted', 'a failed'])
    expect(events[1]?.reason).toBe('exited with 3')
  })

  it('never names two candidates alike, rejected ones included', () => {
    const { events } = fold([ask('a'), judged('a', false), ask('b'), failed('b'), ask('c'), judged('c')])
    const trained = events.filter(({ stage }) => stage === 'accepted')
    expect(trained.map(({ toVersion }) => toVersion)).toEqual(['2', '3', '4'])
  })
})

describe('a request', () => {
  it('beside a rollout under way is refused', () => {
    const { events, stages, effects, state } = fold([ask('a'), ask('b')])
    expect(stages).toEqual(['a accepted', 'b refused'])
    expect(events[1]).toMatchObject({
      reason: 'version 2 is on its way (accepted), by request a',
      toVersion: '1',
    })
    expect(effects).toEqual([])
    expect(state.current?.requestId).toBe('a')
  })

  it('for a version that no longer serves is refused', () => {
    const { events, stages } = fold([ask('a'), judged('a'), ask('b', '1')])
    expect(stages.at(-1)).toBe('b refused')
    expect(events.at(-1)?.reason).toBe('the request would replace version 1, but version 2 serves')
  })

  it('seen before is ignored, whatever became of it', () => {
    const refused = fold([ask('a'), ask('b')])
    for (const id of ['a', 'b']) {
      const repeat = fold([ask(id)], refused.state)
      expect(repeat).toMatchObject({ events: [], effects: [], state: refused.state })
    }
    expect(fold([ask('a'), failed('a'), ask('a')]).stages).toEqual(['a accepted', 'a failed'])
  })

  it('for another model is a fault of the caller', () => {
    const other: RolloutInput = { kind: 'request', request: { ...request('a'), model: 'trains' } }
    expect(() => advanceRollout(START, other, NOW)).toThrow(DriftstreamError)
    expect(() => advanceRollout(START, other, NOW)).toThrow('expected a request for model flights')
  })

  it('is remembered for a thousand others', () => {
    const many = Array.from({ length: ANSWERED_MAX }, (_, index) => ask(`r${index}`))
    const { state } = fold([ask('a'), ...many])
    expect(state.answered).toHaveLength(ANSWERED_MAX)
    expect(state.answered).not.toContain('a')
  })
})

describe('a result of a rollout that is over', () => {
  it.each([
    ['judged', judged('a')],
    ['training-failed', failed('a')],
  ])('is ignored: %s', (_, late) => {
    const over = fold([ask('a'), failed('a'), ask('b')])
    expect(fold([late], over.state)).toMatchObject({ events: [], effects: [], state: over.state })
  })
})

describe('after a restart', () => {
  it('a rollout in training is trained again, without another event', () => {
    const before = fold([ask('a')])
    const { events, effects, state } = fold([...readBack(before.events), { kind: 'resume' }])
    expect(events).toEqual([])
    expect(effects).toEqual(before.effects)
    expect(state).toEqual(before.state)
    expect(fold([judged('a')], state).stages).toEqual(['a validated', 'a promoted'])
  })

  it('a validated one is promoted, with the same event as without the restart', () => {
    const before = fold([ask('a'), judged('a')])
    const { events, state } = fold([...readBack(before.events.slice(0, 2)), { kind: 'resume' }])
    expect(events).toEqual(before.events.slice(2))
    expect(state).toEqual(before.state)
  })

  it('one whose training event is gone fails', () => {
    const training = { ...fold([ask('a')]).events[0]!, request: null }
    const { events } = fold([...readBack([training]), { kind: 'resume' }])
    expect(events).toMatchObject([
      { stage: 'failed', reason: expect.stringContaining('no longer in the log') },
    ])
  })

  it('nothing under way is nothing to do', () => {
    const before = fold([ask('a'), judged('a')])
    expect(fold([...readBack(before.events), { kind: 'resume' }])).toMatchObject({ events: [], effects: [] })
  })

  it('the state is what it was, wherever the log ended', () => {
    const inputs = fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '3'))
          .map((each) => ask(...each)),
        fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean()).map((each) => judged(...each)),
        fc.constantFrom('a', 'b', 'c', 'd').map(failed),
      ),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(inputs, (list) => {
        const live = fold(list)
        expect(fold(readBack(live.events)).state).toEqual(live.state)
        // Read twice is read once: the log may hold an event again.
        expect(fold(readBack(live.events.flatMap((each) => [each, each]))).state).toEqual(live.state)
      }),
    )
  })
})

it('never has two candidates on their way, and ends each at most once', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { maxLength: 30 })
  fc.assert(
    fc.property(steps, (list) => {
      const inputs = list.map(([id, kind]) =>
        kind === 0 ? ask(id) : kind === 1 ? judged(id) : kind === 2 ? judged(id, false) : failed(id),
      )
      const { events } = fold(inputs)
      let open: string | null = null
      for (const { requestId, stage } of events) {
        if (stage === 'refused') continue
        if (stage === 'accepted') expect(open).toBeNull()
        else expect(open).toBe(requestId)
        open = TERMINAL_STAGES.has(stage) ? null : requestId
      }
      const ends = events.filter(({ stage }) => TERMINAL_STAGES.has(stage)).map(({ requestId }) => requestId)
      expect(new Set(ends).size).toBe(ends.length)
    }),
  )
})

describe("another's deployment events", () => {
  const foreign = (stage: DeploymentEvent['stage'], over: Partial<DeploymentEvent> = {}): RolloutInput => ({
    kind: 'deployment',
    event: {
      ...fold([ask('a')]).events[0]!,
      requestId: 'by hand',
      toVersion: '7',
      stage,
      request: null,
      ...over,
    },
  })

  it('a promotion changes the champion, and a candidate measured against the one before fails', () => {
    const { stages, events, state } = fold([ask('a'), foreign('promoted'), judged('a')])
    expect(stages).toEqual(['a accepted', 'a validated', 'a failed'])
    expect(events.at(-1)?.reason).toBe('measured against version 1, but version 7 serves')
    expect(state).toMatchObject({ champion: '7', current: null })
  })

  it('a roll-back brings the version before back, after the promotion had ended the request', () => {
    const promoted = fold([ask('a'), judged('a')])
    const rolledBack = { ...promoted.events[2]!, stage: 'rolled-back' as const }
    expect(fold(readBack([rolledBack]), promoted.state).state.champion).toBe('1')
  })
})

const job = { backend: 'command' as const, submittedAt: NOW, handle: { pid: 4711, started: 'boot 12' } }
const submitted = (requestId: string): RolloutInput => ({ kind: 'submitted', requestId, job })
const delivered = (requestId: string): RolloutInput => ({
  kind: 'delivered',
  requestId,
  artifact: '/models/2/model.json',
})
const order = (kind: 'approve' | 'reject' | 'cancel', requestId: string): RolloutInput => ({
  kind: 'command',
  command: { id: 'c', model: 'flights', at: NOW, by: 'ada', reason: 'saw it', kind, requestId },
})
const APPROVAL = { required: true, timeoutMs: 1000, onTimeout: 'reject' as const }

/** Like `fold`, with approval asked for, and the time of each input. */
function foldAsked(
  inputs: readonly (readonly [RolloutInput, number])[],
  approval: ApprovalOptions = APPROVAL,
  from: RolloutState = START,
) {
  let state = from
  const events: DeploymentEvent[] = []
  let effects: readonly unknown[] = []
  for (const [input, now] of inputs) {
    const result = advanceRollout(state, input, now, approval)
    ;({ state, effects } = result)
    events.push(...result.events)
  }
  return { state, events, effects, stages: events.map(({ stage }) => stage) }
}

describe('a training that was handed over', () => {
  it('is told with its job, then that it delivered, then judged', () => {
    const { stages, events, state } = fold([ask('a'), submitted('a'), delivered('a')])
    expect(stages).toEqual(['a accepted', 'a training', 'a validating'])
    expect(events.map((each) => each.job)).toEqual([undefined, job, undefined])
    expect(state.current).toMatchObject({ stage: 'validating', job, artifact: '/models/2/model.json' })
    expect(fold([judged('a')], state).stages).toEqual(['a validated', 'a promoted'])
  })

  it.each([
    ['training', [submitted('a')]],
    ['validating', [submitted('a'), delivered('a')]],
  ])('is asked after, and not handed over again, by a restart at %s', (_, more) => {
    const before = fold([ask('a'), ...more])
    const { events, effects } = fold([...readBack(before.events), { kind: 'resume' }])
    expect(events).toEqual([])
    expect(effects).toMatchObject([{ kind: 'train', job }])
  })

  it('too late for its rollout is cancelled, and told twice is told once', () => {
    expect(fold([ask('a'), order('cancel', 'a'), submitted('a')]).effects).toEqual([
      { kind: 'cancel', requestId: 'a', job },
    ])
    expect(fold([ask('a'), submitted('a'), submitted('a')]).stages).toEqual(['a accepted', 'a training'])
  })

  it('is cancelled by a command, with its job', () => {
    const { stages, effects, events } = fold([ask('a'), submitted('a'), order('cancel', 'a')])
    expect(stages.at(-1)).toBe('a cancelled')
    expect(events.at(-1)?.reason).toBe('cancelled by ada: saw it')
    expect(effects).toEqual([{ kind: 'cancel', requestId: 'a', job }])
  })

  it('that exceeded its time is told as such', () => {
    const late: RolloutInput = { kind: 'training-failed', requestId: 'a', reason: 'too slow', timedOut: true }
    expect(fold([ask('a'), submitted('a'), late]).stages.at(-1)).toBe('a timed-out')
  })
})

describe('approval', () => {
  const waiting = [ask('a'), judged('a')].map((input) => [input, NOW] as const)

  it('is asked for once the gates are open, and given by a command', () => {
    const { stages, events, state } = foldAsked([...waiting, [order('approve', 'a'), NOW + 10]])
    expect(stages).toEqual(['accepted', 'validated', 'awaiting-approval', 'promoted'])
    expect(events.at(-1)?.reason).toBe('approved by ada: saw it')
    expect(state.champion).toBe('2')
  })

  it('is refused by a command', () => {
    const { stages, state } = foldAsked([...waiting, [order('reject', 'a'), NOW + 10]])
    expect(stages.at(-1)).toBe('rejected')
    expect(state).toMatchObject({ champion: '1', current: null })
  })

  it('of another request, or of none that waits, changes nothing', () => {
    expect(foldAsked([...waiting, [order('approve', 'b'), NOW]]).stages.at(-1)).toBe('awaiting-approval')
    expect(
      foldAsked([
        [ask('a'), NOW],
        [order('approve', 'a'), NOW],
      ]).stages,
    ).toEqual(['accepted'])
    const twice = foldAsked([...waiting, [order('approve', 'a'), NOW], [order('approve', 'a'), NOW]])
    expect(twice.stages.filter((stage) => stage === 'promoted')).toHaveLength(1)
  })

  it('has a time limit, that counts on through restarts, and a default', () => {
    const tick: RolloutInput = { kind: 'tick', stalled: false }
    const asked = foldAsked([...waiting, [tick, NOW + 999]])
    expect(asked.stages.at(-1)).toBe('awaiting-approval')
    const restarted = foldAsked(
      [...readBack(asked.events), { kind: 'resume' } as const].map((input) => [input, NOW + 999] as const),
    )
    expect(restarted).toMatchObject({ events: [], effects: [], state: asked.state })
    expect(foldAsked([[tick, NOW + 1000]], APPROVAL, restarted.state).stages).toEqual(['timed-out'])
    const promoting = { ...APPROVAL, onTimeout: 'promote' as const }
    expect(foldAsked([[tick, NOW + 1000]], promoting, restarted.state).stages).toEqual(['promoted'])
  })

  it('a newer request takes the place of one that waits', () => {
    const { stages, effects } = foldAsked([...waiting, [ask('b'), NOW + 10]])
    expect(stages.slice(-2)).toEqual(['superseded', 'accepted'])
    expect(effects).toMatchObject([{ kind: 'train', toVersion: '3', job: null }])
  })

  it('a restart between the open gates and the question asks it', () => {
    const { events } = foldAsked(waiting)
    const cut = [...readBack(events.slice(0, 2)), { kind: 'resume' } as const]
    expect(foldAsked(cut.map((input) => [input, NOW] as const)).events).toEqual(events.slice(2))
  })
})

describe('a deadline', () => {
  const deadlineAt = retrainRequestExample.deadlineAt!
  const at = (streamAt: number): RolloutInput => ({ kind: 'request', request: request('a'), streamAt })

  it('that has passed refuses the request by name, once', () => {
    const { stages, events, effects, state } = fold([at(deadlineAt + 1), at(deadlineAt + 1)])
    expect(stages).toEqual(['a refused'])
    expect(events[0]!.reason).toBe(
      'its deadline, 2001-04-22T20:00:00.000Z in stream time, has passed: it is 2001-04-22T20:00:00.001Z there',
    )
    expect(effects).toEqual([])
    expect(state.current).toBeNull()
  })

  it('that has not passed, or is not set, refuses nothing', () => {
    expect(fold([at(deadlineAt)]).stages).toEqual(['a accepted'])
    const open: RolloutInput = {
      kind: 'request',
      request: { ...request('a'), deadlineAt: null },
      streamAt: 1e15,
    }
    expect(fold([open]).stages).toEqual(['a accepted'])
  })
})

describe('a job that was lost', () => {
  const again = (restarts: number): RolloutInput => ({
    kind: 'submitted',
    requestId: 'a',
    job: { ...job, submittedAt: NOW + restarts },
    lost: { restarts, reason: 'its process is gone' },
  })

  it('is told of with its number, and a restart asks after the new one', () => {
    const { events, state } = fold([ask('a'), submitted('a'), again(1), again(2)])
    expect(events.map(({ stage, restarts }) => [stage, restarts])).toEqual([
      ['accepted', undefined],
      ['training', undefined],
      ['training', 1],
      ['training', 2],
    ])
    expect(new Set(events.map(({ id }) => id)).size).toBe(4)
    expect(events[3]!.reason).toContain('again (restart 2), since the job was lost: its process is gone')
    const { effects } = fold([{ kind: 'resume' }], state)
    expect(effects).toMatchObject([{ kind: 'train', restarts: 2, job: { submittedAt: NOW + 2 } }])
    const read = fold(events.map((event): RolloutInput => ({ kind: 'deployment', event }))).state
    expect(read.current).toEqual(state.current)
  })

  it('is told of once, and its successor is cancelled where the rollout is over', () => {
    expect(fold([ask('a'), submitted('a'), again(1), again(1)]).stages).toHaveLength(3)
    expect(fold([ask('a'), submitted('a'), failed('a'), again(1)]).effects).toMatchObject([
      { kind: 'cancel' },
    ])
  })
})
