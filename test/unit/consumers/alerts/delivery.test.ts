import pino from 'pino'
import { describe, expect, it } from 'vitest'
import type { LogSinkOptions } from '../../../../src/config/alert-options.ts'
import { type AlertSink, DeliveryRefused, NotBefore } from '../../../../src/consumers/alerts/alert-sink.ts'
import { Delivery } from '../../../../src/consumers/alerts/delivery.ts'
import { isWanted } from '../../../../src/consumers/alerts/wanted.ts'
import {
  ALERT_SUBJECTS,
  type AlertEvent,
  alertEventExample as alert,
} from '../../../../src/events/alert-event.ts'
import { Metrics } from '../../../../src/metrics/metrics.ts'

const options: LogSinkOptions = {
  kind: 'log',
  name: 'here',
  models: null,
  diagnoses: null,
  about: new Set(ALERT_SUBJECTS),
  severity: 'info',
  atMost: 2,
  perMs: 3_600_000,
  staleAfterMs: 1_000,
  giveUpAfterMs: 300,
}
const never = new AbortController().signal

function opened(sink: AlertSink, changed: Partial<LogSinkOptions> = {}) {
  const metrics = new Metrics()
  const lines: { msg: string; reason?: string }[] = []
  const logger = pino({ level: 'debug' }, { write: (line) => lines.push(JSON.parse(line)) })
  const delivery = new Delivery({ ...options, ...changed }, sink, { metrics, logger }, 5)
  const outcomes = () =>
    Object.fromEntries(
      metrics
        .families()
        .flatMap(({ series }) => series.map(({ labels, value }) => [labels.outcome ?? 'attempts', value])),
    )
  return { delivery, lines, outcomes }
}

describe('a delivery', () => {
  it('is tried again until the receiver takes it', async () => {
    let calls = 0
    const { delivery, outcomes, lines } = opened({
      async deliver() {
        if (++calls < 3) throw new Error('503')
      },
    })
    await delivery.deliver(alert, 0, never)
    expect(outcomes()).toEqual({ delivered: 1, attempts: 3 })
    expect(lines.map(({ msg }) => msg)).toEqual(Array(2).fill('an alert was not taken: again'))
  })

  it('is given up at once where the receiver refuses, and after its time where nobody answers, and says so', async () => {
    for (const [error, attempts] of [
      [new DeliveryRefused('400'), 1],
      [new Error('no answer'), 2],
    ] as const) {
      const { delivery, outcomes, lines } = opened({ deliver: () => Promise.reject(error) })
      await delivery.deliver(alert, 0, never)
      expect(outcomes()).toMatchObject({ failed: 1 })
      expect(outcomes().attempts).toBeGreaterThanOrEqual(attempts)
      expect(lines.at(-1)).toMatchObject({
        msg: 'an alert could not be delivered, and is given up',
        reason: error.message,
        level: 50,
      })
    }
  })

  it('is not tried again before the receiver wants it, and given up at once where that is too late', async () => {
    const calls: number[] = []
    const busy = (waitMs: number): AlertSink => ({
      async deliver() {
        calls.push(performance.now())
        if (calls.length === 1) throw new NotBefore('429', waitMs)
      },
    })
    const patient = opened(busy(100))
    await patient.delivery.deliver(alert, 0, never)
    expect(patient.outcomes()).toEqual({ delivered: 1, attempts: 2 })
    // Without it the first pause is 7.5 ms at most; timers may fire a millisecond early.
    expect(calls[1]! - calls[0]!).toBeGreaterThan(98)
    calls.length = 0
    const late = opened(busy(60_000))
    await late.delivery.deliver(alert, 0, never)
    expect(late.outcomes()).toEqual({ failed: 1, attempts: 1 })
  })

  it('beyond the limit is left out and counted, and the next one that arrives tells how many', async () => {
    const told: number[] = []
    const { delivery, outcomes } = opened(
      {
        async deliver(_alert, suppressed) {
          told.push(suppressed)
        },
      },
      { atMost: 1, perMs: 50 },
    )
    for (let at = 0; at < 4; at++) await delivery.deliver(alert, 0, never)
    expect(outcomes()).toEqual({ delivered: 1, limited: 3, attempts: 1 })
    const full = performance.now() + 60
    while (performance.now() < full) await new Promise(setImmediate)
    await delivery.deliver(alert, 0, never)
    expect(told).toEqual([0, 3])
  })

  it('of old news is none', async () => {
    const { delivery, outcomes } = opened({ deliver: () => Promise.reject(new Error('never asked')) })
    await delivery.deliver(alert, 1_001, never)
    expect(outcomes()).toEqual({ stale: 1 })
  })

  it('that is cut off counts as nothing: whoever reads the event again delivers it', async () => {
    const stop = new AbortController()
    const { delivery, outcomes } = opened({
      async deliver() {
        stop.abort()
        throw new Error('cut off')
      },
    })
    await delivery.deliver(alert, 0, stop.signal)
    expect(outcomes()).toEqual({ attempts: 1 })
  })
})

describe('isWanted', () => {
  const asks = (changed: Partial<LogSinkOptions>, other: Partial<AlertEvent> = {}) =>
    isWanted({ ...alert, ...other }, { ...options, ...changed })

  it('asks model, subject, diagnosis and severity', () => {
    expect(asks({})).toBe(true)
    expect(asks({ models: new Set(['loans']) })).toBe(false)
    expect(asks({ models: new Set(['flights']) })).toBe(true)
    expect(asks({ about: new Set(['deployment']) })).toBe(false)
    expect(asks({ diagnoses: new Set(['retrain']) })).toBe(false)
    expect(asks({ diagnoses: new Set(['fix-data']) })).toBe(true)
    // An alert without a diagnosis is none of those that were named.
    expect(asks({ diagnoses: new Set(['fix-data']) }, { diagnosis: null })).toBe(false)
    expect(asks({ severity: 'critical' })).toBe(true)
    expect(asks({ severity: 'critical' }, { severity: 'warning' })).toBe(false)
    expect(asks({ severity: 'warning' }, { severity: 'warning' })).toBe(true)
  })
})
