import { describe, expect, it } from 'vitest'
import { compileLayout, layoutOf } from '../../../src/sketches/block-layout.ts'
import { encodeDelta, encodeEntry } from '../../../src/sketches/delta-codec.ts'
import { addValues, createPaneSketch } from '../../../src/sketches/pane-sketch.ts'
import type { PaneSketch } from '../../../src/sketches/types.ts'
import { PaneEntries } from '../../../src/steps/pane-entries.ts'
import { deltaOf } from '../../support/sketch-deltas.ts'
import { smallReference } from '../../support/sketch-samples.ts'

const reference = smallReference()
const layout = layoutOf(reference)
const MODELS = Array.from({ length: 5 }, (_, at) => ({ name: `model-${at}`, task: 'binary' }) as const)

/** Event `at`: its model, and its values with something odd now and then. */
function eventOf(at: number) {
  const x = at % 11 === 0 ? null : at % 13 === 0 ? 'NaN' : (at * 37) % 600
  return { model: MODELS[(at * at) % 5]!, values: [x, `c${at % 7}`, at % 9, at % 2 === 0] }
}

function counted(events: number, entries: PaneEntries): Map<string, PaneSketch> {
  for (let at = 0; at < events; at++) {
    const { model, values } = eventOf(at)
    entries.addValues(entries.of(model, '1', 0, reference), layout, values, 1, { id: `${at}` })
  }
  return new Map(entries.take().map(({ model, sketch }) => [model, sketch]))
}

function countedOneByOne(events: number): Map<string, PaneSketch> {
  const sketches = new Map<string, PaneSketch>()
  for (let at = 0; at < events; at++) {
    const { model, values } = eventOf(at)
    const sketch = sketches.get(model.name) ?? createPaneSketch('binary')
    sketches.set(model.name, sketch)
    addValues(sketch, layout, values, 1, `${at}`)
  }
  return sketches
}

describe('PaneEntries', () => {
  it.each([1, 40, 3000])('hands out every event that was staged, of %i', (events) => {
    expect(counted(events, new PaneEntries())).toEqual(countedOneByOne(events))
  })

  it.each([0, 100, 500])('counts the same with room for %i values only', (valuesMax) => {
    expect(counted(3000, new PaneEntries(valuesMax))).toEqual(countedOneByOne(3000))
  })

  it('begins anew after a take, and keeps what it handed out as it was', () => {
    const entries = new PaneEntries()
    const first = counted(100, entries)
    expect(counted(100, entries)).toEqual(first)
    expect(entries.take()).toEqual([])
  })

  it('encodes what has been counted, and nothing that is no longer true', () => {
    const entries = new PaneEntries()
    const add = (at: number) => {
      const { model, values } = eventOf(at)
      entries.addValues(entries.of(model, '1', 0, reference), layout, values, 0, { id: `${at}` })
    }
    for (let at = 0; at < 40; at++) add(at)
    const stops = [...entries.encode()].length
    // The last entry is looked up a shorter way than another.
    add(39)
    add(2)
    const taken = entries.take()
    expect(stops).toBe(taken.length)
    const isEncoded = taken.filter(({ encoded }) => encoded)
    expect(isEncoded).toHaveLength(taken.length - 2)
    for (const entry of isEncoded) expect(entry.encoded).toEqual(encodeEntry({ ...entry, encoded: null }))
    const again = deltaOf(taken.map((entry) => ({ ...entry, encoded: null })))
    expect(encodeDelta(deltaOf(taken))).toEqual(encodeDelta(again))
  })

  it('hands out entries without the room they were staged in', () => {
    const entries = new PaneEntries()
    const { model, values } = eventOf(1)
    entries.addValues(entries.of(model, '1', 0, reference), layout, values, 0, { id: 'a' })
    expect(Object.keys(entries.take()[0]!).sort()).toEqual(
      ['model', 'paneStart', 'referenceId', 'sketch', 'version'].sort(),
    )
  })

  it('counts on, where the same edges come as another reference', () => {
    const again = compileLayout(reference.features)
    const entries = new PaneEntries()
    const { model, values } = eventOf(1)
    const entry = entries.of(model, '1', 0, reference)
    entries.addValues(entry, layout, values, 0, { id: 'a' })
    entries.addValues(entry, again, values, 0, { id: 'b' })
    entries.addValues(entry, layout, values, 0, { id: 'c' })
    const expected = createPaneSketch('binary')
    for (const id of ['a', 'b', 'c']) addValues(expected, layout, values, 0, id)
    expect(entries.take()[0]!.sketch).toEqual(expected)
  })

  it('keeps versions, panes and references apart', () => {
    const entries = new PaneEntries()
    const model = MODELS[0]!
    const a = entries.of(model, '1', 0, reference)
    expect(entries.of(model, '1', 0, reference)).toBe(a)
    for (const other of [
      entries.of(model, '2', 0, reference),
      entries.of(model, '1', 10, reference),
      entries.of(model, '1', 0, null),
      entries.of(MODELS[1]!, '1', 0, reference),
    ]) {
      expect(other).not.toBe(a)
    }
    expect(entries.take()).toHaveLength(5)
  })
})
