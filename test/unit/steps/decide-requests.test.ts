import { describe, expect, it } from 'vitest'
import { retrainRequestRecord } from '../../../src/producers/control-events.ts'
import { decideRequests } from '../../../src/steps/decide-requests.ts'
import { createDetectState, type DetectContext, modelStateOf } from '../../../src/steps/detect-state.ts'
import type { TriggerPolicy } from '../../../src/triggers/policy.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'
import { episode } from '../../support/trigger-inputs.ts'

const MINUTE_MS = 60_000
const start = Date.UTC(2027, 0, 1)
const end = start + 60 * MINUTE_MS

/** Models whose performance has fallen, first seen in the order given, a hundred labels a minute. */
function fallen(models: Readonly<Record<string, Partial<TriggerPolicy>>>) {
  const context: DetectContext = {
    stream: smallStream,
    models: new Map(
      Object.entries(models).map(([name, over]) => [
        name,
        { ...smallModel, name, policy: { ...smallModel.policy, minimumSample: 1_000, ...over } },
      ]),
    ),
    taskCount: 1,
  }
  const state = createDetectState()
  for (const name of Object.keys(models)) {
    const model = modelStateOf(state, name, context)!
    for (let minute = 0; minute < 60; minute++) model.labelled.set(start + minute * MINUTE_MS, 100)
    const since = { changedAt: start + 10 * MINUTE_MS, detectedAt: end }
    const open = { ...episode(since), startedAt: start, window: { fromMs: start, toMs: end } }
    // Only what triggers see of an episode matters here.
    model.episodes = { ...model.episodes, performance: { ...model.episodes.performance!, ...open } }
  }
  return state
}

describe('decideRequests', () => {
  it('asks by priority, then by name, whoever was seen first', () => {
    const state = fallen({ a: {}, z: { priority: 1 }, b: {}, y: { priority: 2 } })
    expect(decideRequests(state, new Map(), end).map(({ model }) => model)).toEqual(['y', 'z', 'a', 'b'])
  })

  it('gives the places in the queue to those of higher priority', () => {
    const state = fallen({ a: { queueMax: 1 }, b: { queueMax: 1, priority: 1 } })
    expect(decideRequests(state, new Map(), end).map(({ model }) => model)).toEqual(['b'])
    expect(state.models.get('a')!.trigger.suppressed).toMatchObject([{ guard: 'queue', count: 1 }])
  })

  it('suggests nothing of a broken stretch, and ends where labels are complete', () => {
    const state = fallen({ a: {} })
    const broken = { fromMs: start + 20 * MINUTE_MS, toMs: start + 25 * MINUTE_MS }
    state.models.get('a')!.broken = [broken]
    expect(decideRequests(state, new Map(), end)).toMatchObject([
      {
        schemaVersion: 3,
        at: end,
        deadlineAt: end + smallModel.policy.deadlineMs,
        window: { fromMs: start + 10 * MINUTE_MS, toMs: end },
        trainingRange: { fromMs: broken.toMs, toMs: end - MINUTE_MS, basis: 'since-change' },
      },
    ])
  })

  it('has one key for what would be trained the same, and one id for each decision', () => {
    const [one] = decideRequests(fallen({ a: {} }), new Map(), end)
    const named = { kind: 'performance', name: 'fallen', diagnoses: ['retrain'] } as const
    const [other] = decideRequests(fallen({ a: { trigger: named } }), new Map(), end)
    expect(other!.idempotencyKey).toBe(one!.idempotencyKey)
    expect(other!.id).not.toBe(one!.id)
    expect(other!.traceparent!.slice(0, 35)).toBe(one!.traceparent!.slice(0, 35))
    const headers = retrainRequestRecord(
      one!,
      { topic: 'requests', partitions: 1 },
      { source: '/a', now: 0 },
    ).headers
    expect(headers).toMatchObject({ ce_id: one!.id, ce_traceparent: one!.traceparent })
    const [later] = decideRequests(fallen({ a: {} }), new Map(), end + MINUTE_MS)
    expect(later!.idempotencyKey).not.toBe(one!.idempotencyKey)
  })
})
