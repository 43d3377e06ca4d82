import { describe, expect, it } from 'vitest'
import {
  type ReferenceEvent,
  referenceEvent,
  referenceEventExample,
} from '../../../src/events/reference-event.ts'
import { buildReference } from '../../../src/sketches/reference-builder.ts'
import { fromReferenceEvent, toReferenceEvent } from '../../../src/sketches/reference-wire.ts'
import { smallReference } from '../../support/sketch-samples.ts'

function changed(change: (event: ReferenceEvent) => void): ReferenceEvent {
  const event = structuredClone(referenceEventExample)
  change(event)
  return event
}

describe('fromReferenceEvent', () => {
  it('gives back what toReferenceEvent was given, through JSON and schema', () => {
    const reference = smallReference()
    const event = referenceEvent.parse(JSON.parse(JSON.stringify(toReferenceEvent(reference))))
    expect(fromReferenceEvent(event)).toEqual(reference)
    expect([...fromReferenceEvent(event).features.keys()]).toEqual(['x', 'c', '__proto__', 'constructor'])
  })

  it('keeps a feature without a finite value', () => {
    const reference = buildReference({
      model: 'm',
      version: '1',
      createdAt: 0,
      task: 'regression',
      positiveLabel: '',
      features: new Map([['x', 'numeric']]),
      rows: () => [{ features: { x: null } }],
    })
    const event = referenceEvent.parse(JSON.parse(JSON.stringify(toReferenceEvent(reference))))
    expect(fromReferenceEvent(event)).toEqual(reference)
  })

  it('reads the example of the event', () => {
    const { features } = fromReferenceEvent(referenceEventExample)
    expect([...features.keys()]).toEqual(['distance', 'origin'])
  })

  const performance = { ...toReferenceEvent(smallReference()).performance!, joint: [1, 2] }

  it.each<[string, (event: ReferenceEvent) => void, RegExp]>([
    [
      'bins that are not one more than edges',
      (event) => numeric(event).bins.push(1),
      /expected 3 bins of "distance", got 4/,
    ],
    [
      'edges that stand still',
      (event) => numeric(event).edges.splice(0, 2, 5, 5),
      /rising edges of "distance", got 5 after 5 at 1/,
    ],
    [
      'cells that are not two more than categories',
      (event) => categorical(event).cells.pop(),
      /expected 4 cells of "origin", got 3/,
    ],
    [
      'a category twice',
      (event) => categorical(event).categories.splice(0, 2, 'DEN', 'DEN'),
      /each category of "origin" once/,
    ],
    [
      'a count beyond 32 bits',
      (event) => numeric(event).bins.splice(0, 1, 2 ** 32),
      /up to 4294967295, got 4294967296/,
    ],
    ['a feature twice', (event) => event.features.push(event.features[0]!), /"distance" twice/],
    [
      'joint counts of another length',
      (event) => Object.assign(event, { performance }),
      /expected 256 joint counts, got 2/,
    ],
  ])('refuses %s', (_name, change, message) => {
    const read = () => fromReferenceEvent(changed(change))
    expect(read).toThrow(message)
    expect(read).toThrow(expect.objectContaining({ code: 'EVENT_INVALID' }))
  })
})

function numeric(event: ReferenceEvent) {
  const { reference } = event.features[0]!
  return reference.kind === 'numeric' ? reference : expect.fail('the example begins with a numeric feature')
}

function categorical(event: ReferenceEvent) {
  const { reference } = event.features[1]!
  return reference.kind === 'categorical'
    ? reference
    : expect.fail('the example goes on with a categorical feature')
}
