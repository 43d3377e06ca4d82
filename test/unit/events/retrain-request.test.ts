import { expect, it } from 'vitest'
import { retrainRequest, retrainRequestExample } from '../../../src/events/retrain-request.ts'

it('reads a request of schema version 1 or 2, and says what it lacks', () => {
  const { schemaVersion, idempotencyKey, traceparent, deadlineAt, trainingRange, trigger, ...rest } =
    retrainRequestExample
  const { commands, ...fired } = trigger
  expect(retrainRequest.parse({ ...retrainRequestExample, schemaVersion: 2, trigger: fired })).toEqual({
    ...retrainRequestExample,
    schemaVersion: 2,
    trigger: { ...trigger, commands: [] },
  })
  const { basis, ...range } = trainingRange
  expect(retrainRequest.parse({ ...rest, trigger: fired, trainingRange: range })).toEqual({
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
