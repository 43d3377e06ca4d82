import { describe, expect, it } from 'vitest'
import { type DriftEvent, driftEventExample } from '../../../src/events/drift-event.ts'
import { type RetrainRequest, retrainRequestExample } from '../../../src/events/retrain-request.ts'
import { type KnownChange, reckon } from '../../../src/replay/known-changes.ts'

const HOUR = 3_600_000

function change(at: number, more: Partial<KnownChange> = {}): KnownChange {
  return { name: `at ${at / HOUR}`, at, until: null, model: null, ...more }
}

function alarm(episodeId: string, at: number, state: DriftEvent['state'] = 'started'): DriftEvent {
  return { ...driftEventExample, episodeId, at, detectedAt: at, state }
}

function request(episodeId: string | null, at: number): RetrainRequest {
  return { ...retrainRequestExample, episodeId, at }
}

describe('reckon', () => {
  it('dates the first alarm and the first answer after each change', () => {
    const known = [change(50 * HOUR), change(10 * HOUR)]
    const drift = [alarm('a', 12 * HOUR), alarm('a', 20 * HOUR, 'resolved'), alarm('b', 51 * HOUR)]
    const requests = [request('a', 15 * HOUR), request(null, 16 * HOUR), request('b', 60 * HOUR)]
    expect(reckon('m', known, drift, requests, 0)).toEqual({
      changes: [
        { change: 'at 10', at: 10 * HOUR, alarmAfterMs: 2 * HOUR, requestAfterMs: 5 * HOUR },
        { change: 'at 50', at: 50 * HOUR, alarmAfterMs: HOUR, requestAfterMs: 10 * HOUR },
      ],
      falseAlarms: 0,
      falseRequests: 0,
    })
  })

  it('calls false what has no cause, and requests by what they answer', () => {
    const drift = [alarm('early', 5 * HOUR), alarm('late', 40 * HOUR)]
    const known = [change(10 * HOUR, { until: 20 * HOUR })]
    const requests = [request('early', 6 * HOUR), request('late', 41 * HOUR), request(null, 42 * HOUR)]
    expect(reckon('m', known, drift, requests, 2 * HOUR)).toMatchObject({
      changes: [{ alarmAfterMs: null, requestAfterMs: null }],
      falseAlarms: 2,
      falseRequests: 2,
    })
    // A window that still holds the change shows it for a while.
    expect(reckon('m', known, drift, requests, 21 * HOUR)).toMatchObject({
      changes: [{ alarmAfterMs: 30 * HOUR, requestAfterMs: 31 * HOUR }],
      falseAlarms: 1,
    })
  })

  it('looks at changes of other models as at none', () => {
    const known = [change(HOUR, { model: 'other' }), change(HOUR, { model: 'm' })]
    expect(reckon('m', known, [], [], 0).changes).toHaveLength(1)
  })
})
