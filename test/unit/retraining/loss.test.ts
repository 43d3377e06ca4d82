import { describe, expect, it } from 'vitest'
import { absoluteError, brier, logLoss, squaredError, zeroOne } from '../../../src/retraining/loss.ts'
import type { Label, Outcome, Problem } from '../../../src/retraining/outcome.ts'

const binary: Problem = { task: 'binary', positiveLabel: '1' }
const multiclass: Problem = { task: 'multiclass', positiveLabel: '1' }
const regression: Problem = { task: 'regression', positiveLabel: '1' }

const row = (label: Label, score: Outcome['score'], prediction: Label = 0) => ({
  label,
  outcome: { prediction, score },
})

describe('log-loss', () => {
  it('is the surprise at what happened, in nats', () => {
    expect(logLoss(binary, row(1, 0.25))).toBeCloseTo(Math.log(4), 14)
    expect(logLoss(binary, row(0, 0.25))).toBeCloseTo(-Math.log(0.75), 14)
  })

  it('is bounded where something was held to be impossible', () => {
    expect(logLoss(binary, row(1, 0))).toBeCloseTo(34.538776394910684, 12)
    expect(logLoss(binary, row(0, 1))).toBeCloseTo(34.538776394910684, 12)
    expect(logLoss(binary, row(1, 1))).toBeCloseTo(0, 15)
  })

  it('takes labels as text, and the positive class out of a score for each', () => {
    expect(logLoss(binary, row('1', 0.25))).toBe(logLoss(binary, row(1, 0.25)))
    expect(logLoss({ task: 'binary', positiveLabel: 'true' }, row(true, 0.5))).toBeCloseTo(Math.LN2, 14)
    expect(logLoss(binary, row(1, { 0: 0.75, 1: 0.25 }))).toBeCloseTo(Math.log(4), 14)
    expect(logLoss({ ...binary, positiveLabel: 'constructor' }, row('constructor', { a: 1 }))).toBeNull()
  })
})

describe('brier', () => {
  it('is the squared distance of the probability', () => {
    expect(brier(binary, row(1, 0.3))).toBeCloseTo(0.49, 14)
    expect(brier(binary, row(0, 0.3))).toBeCloseTo(0.09, 14)
  })
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, -0.01, 1.01, null, {}, { 1: Number.NaN }])(
  'a score of %s is no probability',
  (score) => {
    expect(logLoss(binary, row(1, score as Outcome['score']))).toBeNull()
    expect(brier(binary, row(1, score as Outcome['score']))).toBeNull()
  },
)

it('zeroOne compares prediction and label as text', () => {
  expect(zeroOne(binary, row('1', null, 1))).toBe(0)
  expect(zeroOne(binary, row(0, null, 1))).toBe(1)
  expect(zeroOne(multiclass, row('cat', null, 'cat'))).toBe(0)
  expect(zeroOne(regression, row(1, null, 1))).toBeNull()
})

it('errors of a regression are distances', () => {
  expect(absoluteError(regression, row(7, null, 4))).toBe(3)
  expect(squaredError(regression, row(7, null, 4))).toBe(9)
})

it('a loss of another task is null', () => {
  expect(absoluteError(binary, row(1, 0.5, 1))).toBeNull()
  expect(squaredError(regression, row(1, null, Number.NaN))).toBeNull()
  expect(absoluteError(regression, row('7', null, 4))).toBeNull()
  expect(logLoss(multiclass, row('a', 0.5, 'a'))).toBeNull()
  expect(brier(regression, row(1, 0.5, 1))).toBeNull()
})
