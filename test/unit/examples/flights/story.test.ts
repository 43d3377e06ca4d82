import { expect, it } from 'vitest'
import { type Incident, judgeIncident } from '../../../../examples/flights/story.ts'

const brokenPipe: Incident = {
  name: 'broken-pipe',
  planted: true,
  startedAt: 1000,
  detectedAt: 2000,
  resolvedAt: 3000,
  diagnosis: 'fix-data',
  action: 'none',
  expected: 'fix-data',
}

it.each([
  [brokenPipe, true, 'right'],
  [{ ...brokenPipe, action: 'requested' }, false, 'wrong action: expected none'],
  [{ ...brokenPipe, diagnosis: 'retrain' }, false, 'wrong: expected fix-data'],
  [{ ...brokenPipe, detectedAt: null, diagnosis: null }, false, 'missed'],
  [{ ...brokenPipe, detectedAt: 999 }, false, 'alarm before it began'],
  [{ ...brokenPipe, startedAt: null, expected: null }, false, 'false alarm'],
  [{ ...brokenPipe, diagnosis: 'retrain', expected: 'retrain', action: 'promoted' }, true, 'right'],
  [
    { ...brokenPipe, diagnosis: 'retrain', expected: 'retrain', action: 'rejected' },
    false,
    'wrong action: expected promoted',
  ],
  [{ ...brokenPipe, diagnosis: 'check-labels', expected: 'check-labels', action: 'rejected' }, true, 'right'],
  [
    { ...brokenPipe, diagnosis: 'check-labels', expected: 'check-labels', action: 'promoted' },
    false,
    'wrong action: expected none or rejected',
  ],
] as [Incident, boolean, string][])('judges an incident: case %#', (incident, right, words) => {
  expect(judgeIncident(incident)).toEqual({ right, words })
})
