import { describe, expect, it } from 'vitest'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import { pairLoss } from '../../../src/steps/pair-loss.ts'
import type { WaitingPrediction } from '../../../src/steps/prediction-columns.ts'
import { smallModel } from '../../support/small-options.ts'

const said = (prediction: WaitingPrediction['prediction'], score?: WaitingPrediction['score']) => ({
  version: '1',
  at: 0,
  prediction,
  score,
  reference: null,
  counted: true,
})

describe('pairLoss', () => {
  it('of a binary model is the error and the Brier score of the positive class', () => {
    const losses = pairLoss(smallModel, said(1, 0.8), said('0', { 0: 0.75, 1: 0.25 }), '1')
    expect(losses[0]).toEqual({ wrong: false, graded: expect.closeTo(0.04, 12) })
    expect(losses[1]).toEqual({ wrong: true, graded: 0.5625 })
    expect(pairLoss(smallModel, said(1), said(1, 1.5), 0).map(({ graded }) => graded)).toEqual([null, null])
  })

  it('of several classes is half the Brier score, by names of any kind', () => {
    const model = { ...smallModel, task: 'multiclass' as const }
    const score = { a: 0.5, constructor: 0.5 }
    const losses = pairLoss(model, said('a', score), said('b', { a: 1 }), 'constructor')
    expect(losses[0]).toEqual({ wrong: true, graded: 0.25 })
    expect(losses[1]).toEqual({ wrong: true, graded: null })
  })

  it('of a regression is a share of the cap that the references give, whichever is whose', () => {
    const model = { ...smallModel, task: 'regression' as const }
    const reference = buildReference({
      model: 'small',
      version: '1',
      createdAt: 0,
      task: 'regression',
      positiveLabel: '1',
      features: new Map(),
      *rows() {
        for (let at = 0; at < 1000; at++) yield { at, features: {}, label: 0, prediction: at % 8 }
      },
    })
    const known = { ...said(6), reference }
    const [one, other] = pairLoss(model, known, said(100), 2)
    expect(one.wrong || other.wrong).toBe(false)
    expect(one.graded).toBe(0.5)
    expect(other.graded).toBe(1)
    expect(pairLoss(model, said(100), known, 2)).toEqual([other, one])
    expect(pairLoss(model, said(1), said(2), 2).map(({ graded }) => graded)).toEqual([null, null])
  })
})
