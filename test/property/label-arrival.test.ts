import { describe, expect, it } from 'vitest'
import { compiledReference } from '../../src/detectors/compiled-reference.ts'
import { judgeLabelCoverage } from '../../src/detectors/label-coverage.ts'
import { addDelay } from '../../src/sketches/label-delays.ts'
import { createPaneSketch, mergePaneSketch } from '../../src/sketches/pane-sketch.ts'
import type { PaneSketch } from '../../src/sketches/types.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'
import { judgeLabelArrival } from '../../src/steps/judge-label-arrival.ts'
import type { CountedWindow } from '../../src/steps/judged-windows.ts'
import { OPTIONS } from '../support/counted-samples.ts'
import { smallReference } from '../support/sketch-samples.ts'

const PANE_MS = 3_600_000
const LABEL_DELAY_MS = 6 * PANE_MS
/** Half of the labels are there within 4.2 hours; a third comes later than is waited for. */
const MEAN_DELAY_MS = 6 * PANE_MS
const BASE = 4
const LONGEST = 16
const EVENTS = 60
const reference = { ...smallReference(), performance: null }

/** A pane as it is known at this age: every label in time is there, of the later ones those that had time. */
function paneAtAge(random: Random, ageMs: number): PaneSketch {
  const pane = createPaneSketch('binary')
  pane.events = EVENTS
  for (let event = 0; event < EVENTS; event++) {
    const delayMs = -MEAN_DELAY_MS * Math.log(1 - random())
    // Events lie anywhere in their pane, so the first ones are older than its end.
    if (delayMs > ageMs + PANE_MS * random()) continue
    pane.performance.n++
    addDelay(pane.performance, delayMs)
  }
  return pane
}

function windowOf(panes: readonly PaneSketch[], level: number): CountedWindow {
  const sketch = createPaneSketch('binary')
  for (const pane of panes) mergePaneSketch(sketch, pane)
  return { level, fromMs: -panes.length * PANE_MS, toMs: 0, sketch }
}

/** What coverage would be made of if labels counted however late they came. */
function pValueOfAll(windows: readonly CountedWindow[]): number {
  const [base, all] = windows.map(({ sketch }) => ({
    labelled: sketch.performance.n,
    predictions: sketch.events,
  }))
  const before = {
    labelled: all!.labelled - base!.labelled,
    predictions: all!.predictions - base!.predictions,
  }
  return judgeLabelCoverage(base!, before, OPTIONS)[0]!.pValue!
}

/** p-values of a stream that never changes, whose window ended as long ago as labels are waited for. */
function pValues(random: Random): Map<string, number> {
  const panes = Array.from({ length: LONGEST }, (_, back) =>
    paneAtAge(random, LABEL_DELAY_MS + back * PANE_MS),
  )
  const windows = [windowOf(panes.slice(0, BASE), 0), windowOf(panes, 1)]
  const compiled = compiledReference(reference)
  const findings = judgeLabelArrival(windows, reference, compiled, LABEL_DELAY_MS, OPTIONS)
  return new Map([
    ...findings.map(({ statistic, pValue }) => [statistic, pValue!] as const),
    ['however late', pValueOfAll(windows)],
  ])
}

describe('labels that are still coming', () => {
  it('alarm no more often than the level, though old panes hold slow labels that young ones cannot', () => {
    const random = createRandom('label-arrival')
    const rounds = 1500
    const level = 0.05
    const alarms = new Map([
      ['coverage', 0],
      ['median-delay', 0],
      ['p90-delay', 0],
      ['however late', 0],
    ])
    for (let round = 0; round < rounds; round++) {
      for (const [statistic, pValue] of pValues(random)) {
        if (pValue <= level) alarms.set(statistic, alarms.get(statistic)! + 1)
      }
    }
    expect([...alarms.keys()]).toEqual(['coverage', 'median-delay', 'p90-delay', 'however late'])
    // What the time is for: labels counted however late would look as if they stayed away.
    expect(alarms.get('however late')! / rounds).toBeGreaterThan(0.5)
    alarms.delete('however late')
    const error = Math.sqrt((level * (1 - level)) / rounds)
    for (const [, count] of alarms) {
      expect(count / rounds).toBeLessThan(level + 3 * error)
      // A test that never alarms would pass as well.
      expect(count).toBeGreaterThan(0)
    }
  })
})
