import { expect, it } from 'vitest'
import { retrainRequest, retrainRequestExample } from '../../../src/events/retrain-request.ts'

it('reads a request of schema version 1, and says what it lacks', () => {
  const { schemaVersion, idempotencyKey, traceparent, deadlineAt, trainingRange, ...rest } =
    retrainRequestExample
  const { basis, ...range } = trainingRange
  expect(retrainRequest.parse({ ...rest, trainingRange: range })).toEqual({
    ...retrainRequestExample,
    schemaVersion: 1,
    idempotencyKey: null,
    traceparent: null,
    deadlineAt: null,
    trainingRange: { ...range, basis: null },
  })
  expect(retrainRequest.parse(retrainRequestExample)).toEqual(retrainRequestExample)
  expect(retrainRequest.safeParse({ ...retrainRequestExample, traceparent: '00-0-0-00' }).success).toBe(false)
})
