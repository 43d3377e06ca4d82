import { describe, expect, it } from 'vitest'
import { createAdwin, updateAdwin } from '../../../../src/detectors/classics/adwin.ts'
import { feedPane } from '../../../../src/detectors/classics/feed-pane.ts'

function recorder(says: (index: number) => 'warning' | 'drift' | null = () => null) {
  const values: number[] = []
  return {
    values,
    update(value: number) {
      const said = says(values.push(value) - 1)
      return { warning: said === 'warning', drift: said === 'drift' }
    },
  }
}

describe('feedPane', () => {
  it('spreads the errors evenly', () => {
    const detector = recorder()
    feedPane(detector.update, 'outcomes', 3, 12)
    expect(detector.values).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0])
  })

  it.each([
    [0, 7],
    [7, 7],
    [1, 1000],
    [317, 1001],
  ])('gives all of %i errors in %i outcomes, and nothing but 0 and 1', (errors, n) => {
    const detector = recorder()
    feedPane(detector.update, 'outcomes', errors, n)
    expect(detector.values).toHaveLength(n)
    expect(detector.values.reduce((sum, value) => sum + value, 0)).toBe(errors)
    expect(detector.values.every((value) => value === 0 || value === 1)).toBe(true)
  })

  it('gives losses as their mean', () => {
    const detector = recorder()
    feedPane(detector.update, 'losses', 1.5, 6)
    expect(detector.values).toEqual([0.25, 0.25, 0.25, 0.25, 0.25, 0.25])
  })

  it('remembers an alarm in the middle, which a warning does not outlive', () => {
    const detector = recorder((index) => (index === 2 ? 'warning' : index === 4 ? 'drift' : null))
    expect(feedPane(detector.update, 'outcomes', 2, 10)).toEqual({ warning: false, drift: true })
    expect(feedPane(recorder((index) => (index === 2 ? 'warning' : null)).update, 'outcomes', 2, 10)).toEqual(
      {
        warning: true,
        drift: false,
      },
    )
  })

  it('says nothing of an empty pane', () => {
    const detector = recorder(() => 'drift')
    expect(feedPane(detector.update, 'outcomes', 0, 0)).toEqual({ warning: false, drift: false })
    expect(detector.values).toEqual([])
  })

  it('lets ADWIN find a rise of the error rate from panes', () => {
    const adwin = createAdwin()
    const update = (value: number) => updateAdwin(adwin, value)
    const quiet = Array.from({ length: 40 }, () => feedPane(update, 'outcomes', 20, 200).drift)
    const risen = Array.from({ length: 20 }, () => feedPane(update, 'outcomes', 40, 200).drift)
    expect(quiet).not.toContain(true)
    expect(risen).toContain(true)
  })
})
