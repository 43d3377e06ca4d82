import { expect, it } from 'vitest'
import { ToldOf } from '../../../src/consumers/told-of.ts'
import { comparisonEventExample } from '../../../src/events/comparison-event.ts'
import { retrainRequestExample } from '../../../src/events/retrain-request.ts'
import { smallStream } from '../../support/small-options.ts'

const MINUTE = 60_000
const compared = (model: string, at = 0) => ({ ...comparisonEventExample, model, at })

it('nobody tells of a candidate for long after its stage, its last comparison or the beginning of the task', () => {
  // Three panes of a minute and ten minutes until a partition idles.
  const patience = 13 * MINUTE
  const told = new ToldOf(smallStream, 100 * MINUTE)
  expect(told.isStalled('a', 0, 100 * MINUTE + patience - 1)).toBe(false)
  expect(told.isStalled('a', 0, 100 * MINUTE + patience)).toBe(true)
  expect(told.isStalled('a', 101 * MINUTE, 100 * MINUTE + patience)).toBe(false)
  told.compared(compared('a'), 200 * MINUTE)
  expect(told.isStalled('a', 0, 200 * MINUTE + patience - 1)).toBe(false)
  expect(told.isStalled('a', 0, 200 * MINUTE + patience)).toBe(true)
  expect(told.isStalled('__proto__', 0, 200 * MINUTE)).toBe(true)
})

it('panes of an hour are waited for longer', () => {
  const told = new ToldOf({ ...smallStream, paneMs: 60 * MINUTE, graceMs: 5 * MINUTE }, 0)
  expect([194, 195].map((minutes) => told.isStalled('a', 0, minutes * MINUTE))).toEqual([false, true])
  const quick = new ToldOf({ ...smallStream, paneMs: 1000, idleAfterMs: 1000 }, 0)
  expect([9, 10].map((minutes) => quick.isStalled('a', 0, minutes * MINUTE))).toEqual([false, true])
})

it('the time of the stream is the latest that was told, or that a request has waited', () => {
  const told = new ToldOf(smallStream, 0)
  const request = { ...retrainRequestExample, at: 1000 }
  expect(told.requested(request, 50_000, 50_000)).toBe(1000)
  expect(told.requested(request, 50_000, 52_000)).toBe(3000)
  // A writer's clock that is ahead takes nothing away.
  expect(told.requested(request, 60_000, 52_000)).toBe(1000)
  told.compared(compared('a', 9000), 52_000)
  expect(told.requested(request, 50_000, 52_000)).toBe(9000)
})
