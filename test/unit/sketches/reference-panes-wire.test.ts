import { describe, expect, it } from 'vitest'
import { type ReferenceEvent, referenceEvent } from '../../../src/events/reference-event.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import { fromReferenceEvent, toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import type { Reference, Task } from '../../../src/sketches/types.ts'
import { seededNormal } from '../../support/sketch-samples.ts'

const DAY_MS = 86_400_000

interface Size {
  readonly days: number
  readonly rowsADay: number
  readonly features: readonly string[]
  readonly task?: Task
}

/** Rows of normal values and of categories in turn, with outcomes. */
function referenceOf({ days, rowsADay, features, task = 'binary' }: Size): Reference {
  const normal = seededNormal(5)
  const rows = Array.from({ length: days * rowsADay }, (_, at) => ({
    at: at * (DAY_MS / rowsADay),
    features: Object.fromEntries(
      features.map((name, place) => [
        name,
        place % 7 === 6 ? `k${Math.floor(9 * Math.abs(normal()))}` : normal(),
      ]),
    ),
    prediction: task === 'regression' ? normal() : at % 2,
    score: (at % 97) / 97,
    label: task === 'regression' ? normal() : at % 3 === 0 ? 1 : 0,
  }))
  return buildReference({
    model: 'm',
    version: '1',
    createdAt: 0,
    task,
    positiveLabel: '1',
    features: new Map(features.map((name, place) => [name, place % 7 === 6 ? 'categorical' : 'numeric'])),
    windowMs: DAY_MS,
    covered: { fromMs: 0, toMs: days * DAY_MS },
    rows: () => rows,
  })
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `feature_${at}`)
const travelled = (reference: Reference): ReferenceEvent =>
  referenceEvent.parse(JSON.parse(JSON.stringify(toReferenceEvent(reference))))

describe('panes on the wire', () => {
  it.each(['binary', 'multiclass', 'regression'] as const)('come back as they went, %s', (task) => {
    const features = [...names(7), '__proto__', 'constructor']
    const reference = referenceOf({ days: 5, rowsADay: 40, features, task })
    expect(reference.panes!.starts).toHaveLength(5)
    expect(fromReferenceEvent(travelled(reference)).panes).toEqual(reference.panes)
    expect(toReferenceEvent(fromReferenceEvent(travelled(reference)))).toEqual(toReferenceEvent(reference))
  })

  it('fit with fifty features and 256 windows into a megabyte, the whole reference', () => {
    const reference = referenceOf({ days: 256, rowsADay: 60, features: names(50) })
    const event = toReferenceEvent(reference)
    expect(event.panes!.count).toBe(256)
    expect(JSON.stringify(event).length).toBeLessThan(1_000_000)
    // Panes themselves: about ten bytes a feature and window.
    expect(event.panes!.data.length).toBeLessThan(200_000)
  })

  it('are the newest that fit where features are many', () => {
    const reference = referenceOf({ days: 100, rowsADay: 4, features: names(600) })
    const { count, data } = toReferenceEvent(reference).panes!
    expect(count).toBeLessThan(100)
    expect(count).toBeGreaterThan(30)
    expect(data.length).toBeLessThanOrEqual(350_000)
    expect(reference.panes!.starts.at(-1)).toBe(99 * DAY_MS)
    expect(fromReferenceEvent(travelled(reference)).panes).toEqual(reference.panes)
  })

  it('are part of the reference that the id names', () => {
    const one = referenceOf({ days: 5, rowsADay: 40, features: names(2) })
    expect(one.id).toBe(referenceOf({ days: 5, rowsADay: 40, features: names(2) }).id)
    const { panes: _panes, ...event } = toReferenceEvent(one)
    expect(fromReferenceEvent(event).panes).toBeUndefined()
    expect(toReferenceEvent(fromReferenceEvent(event))).toEqual(event)
  })

  it('of the first encoding are read, without delays and areas', () => {
    const reference = referenceOf({ days: 3, rowsADay: 40, features: names(2) })
    const event = toReferenceEvent(reference)
    const bytes = Buffer.from(event.panes!.data, 'base64')
    // What the second encoding has behind it: three empty lists, then three areas and three errors.
    const first = bytes.subarray(0, bytes.length - 3 - 2 * (1 + 3 * 8)).toString('base64')
    const read = fromReferenceEvent({ ...event, panes: { ...event.panes!, encoding: 1, data: first } }).panes!
    const nothing = new Float64Array(0)
    expect(read.outcomes).toEqual({ ...reference.panes!.outcomes!, auc: nothing, aucError: nothing })
    expect(reference.panes!.outcomes!.auc.every((area) => area > 0.3 && area < 0.7)).toBe(true)
  })

  it('of an encoding of later are passed over, and the rest is read', () => {
    const event = toReferenceEvent(referenceOf({ days: 3, rowsADay: 40, features: names(2) }))
    const later = { ...event, panes: { ...event.panes!, encoding: 3, data: 'AAAA' } }
    expect(fromReferenceEvent(later)).toMatchObject({ id: event.id, m: 120 })
    expect(fromReferenceEvent(later).panes).toBeUndefined()
  })

  it('that lie are refused, whatever the byte', () => {
    const event = toReferenceEvent(referenceOf({ days: 3, rowsADay: 30, features: names(7) }))
    const panes = event.panes!
    const bytes = Buffer.from(panes.data, 'base64')
    const read = (changed: Partial<typeof panes>) =>
      fromReferenceEvent({ ...event, panes: { ...panes, ...changed } })
    for (let length = 0; length < bytes.length; length++) {
      const data = bytes.subarray(0, length).toString('base64')
      expect(() => read({ data })).toThrow(expect.objectContaining({ code: 'EVENT_INVALID' }))
    }
    expect(() => read({ count: 4 })).toThrow(expect.objectContaining({ code: 'EVENT_INVALID' }))
    expect(() => read({ windowMs: Number.MAX_SAFE_INTEGER, count: 3 })).toThrow(/a time/)
    expect(() => fromReferenceEvent({ ...event, features: event.features.slice(1) })).toThrow(
      /6 features, got 7|number of features/,
    )
    let refused = 0
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 0xff
      try {
        const { features } = read({ data: changed.toString('base64') }).panes!
        // A number that is another number is no lie that can be seen; but it is a number.
        for (const { sums } of features.values()) expect(sums.every(Number.isFinite)).toBe(true)
      } catch (error) {
        expect(error).toMatchObject({ code: 'EVENT_INVALID' })
        refused++
      }
    }
    expect(refused).toBeGreaterThan(bytes.length / 2)
  })
})
