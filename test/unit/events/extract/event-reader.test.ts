import { describe, expect, it } from 'vitest'
import { KIND } from '../../../../src/events/extract/cells.ts'
import { planEvent } from '../../../../src/events/extract/event-plan.ts'
import { EventReader } from '../../../../src/events/extract/event-reader.ts'
import { RECORD_BYTES_MAX } from '../../../../src/events/extract/record-bytes.ts'

const plan = planEvent({ id: 'id', at: 'meta.at', features: 'features', score: 'score' })
for (const name of ['a', 'b', 'c', 'größe']) plan.keys.addKey(plan.features, name)
const reader = new EventReader(plan)
const slots = {
  id: plan.slots.get('id')!,
  at: plan.slots.get('at')!,
  score: plan.slots.get('score')!,
  a: plan.keys.slotOf(plan.features, 'a'),
  b: plan.keys.slotOf(plan.features, 'b'),
}

const reads = (text: string | Uint8Array): boolean => reader.read(Buffer.from(text as string))
const numberAt = (slot: number): number => reader.cells.numbers[slot]!
const kindAt = (slot: number): number => reader.cells.kind(slot)

const EVENT = '{"id":"p-1","meta":{"at":12},"features":{"a":1.5,"b":-2},"score":0.25}'

describe('EventReader', () => {
  it('reads an event, again in the same shape, in another order and with keys left out', () => {
    for (let round = 0; round < 2; round++) {
      expect(reads(EVENT)).toBe(true)
      expect([slots.at, slots.a, slots.b, slots.score].map(numberAt)).toEqual([12, 1.5, -2, 0.25])
      expect(reader.scalars.text(slots.id)).toBe('p-1')
      expect(reader.featureCount).toBe(2)
    }
    expect(reads('{"score":1,"features":{"b":7},"id":"p-2"}')).toBe(true)
    expect([kindAt(slots.at), kindAt(slots.a)]).toEqual([KIND.NOTHING, KIND.NOTHING])
    expect([numberAt(slots.b), numberAt(slots.score)]).toEqual([7, 1])
    expect(reads(EVENT)).toBe(true)
    expect(numberAt(slots.b)).toBe(-2)
  })

  it('reads every value a feature may have', () => {
    for (let round = 0; round < 2; round++) {
      expect(reads('{"features":{"a":null,"b":true,"c":"Zürich","größe":"x"}}')).toBe(true)
      expect([kindAt(slots.a), kindAt(slots.b)]).toEqual([KIND.NULL, KIND.TRUE])
      expect(numberAt(slots.a)).toBeNaN()
      expect(reads('{"features":{"a":"\\u00e9","b":false}}')).toBe(true)
      expect([kindAt(slots.a), kindAt(slots.b)]).toEqual([KIND.CODED_TEXT, KIND.FALSE])
      expect(reader.scalars.text(slots.a)).toBe('é')
    }
  })

  it('takes any JSON white space, the same or another each time', () => {
    const spaced = ['', ' ', '  ', '\n', '\r\n\t ', ' '.repeat(70)].map((space) =>
      EVENT.replace(/[{}:,]/g, (sign) => `${space}${sign}${space}`),
    )
    for (const text of [...spaced, ...spaced.reverse(), ...spaced]) {
      expect(reads(text), JSON.stringify(text)).toBe(true)
      expect([slots.at, slots.a, slots.b, slots.score].map(numberAt)).toEqual([12, 1.5, -2, 0.25])
    }
    for (const space of ['\f', '\v', '\u00a0', '\ufeff', '\0']) {
      expect(reads(EVENT.replace(',', `,${space}`)), JSON.stringify(space)).toBe(false)
      expect(reads(space + EVENT)).toBe(false)
      expect(reads(EVENT + space)).toBe(false)
    }
  })

  it('passes over what the mapping does not name, if it is JSON', () => {
    const ignored = [
      'null',
      '[]',
      '[1,"\\"]",{"a":[]}]',
      '{"id":1,"id":2,"\\u0069d":3}',
      '"é\\n"',
      '1e400',
      '{}',
    ]
    for (const value of ignored) expect(reads(`{"x":${value},${EVENT.slice(1)}`), value).toBe(true)
    const broken = [
      '',
      '[',
      '[1,]',
      '{"a"}',
      '{"a":}',
      '{a:1}',
      '{"a":1,}',
      '"\n"',
      '01',
      'nul',
      '[1 2]',
      '"\\x"',
    ]
    for (const value of broken) expect(reads(`{"x":${value},${EVENT.slice(1)}`), value).toBe(false)
    expect(reads(`{"é":1,${EVENT.slice(1)}`)).toBe(true)
    expect(reads(`{"x":${'['.repeat(30)}${']'.repeat(30)},${EVENT.slice(1)}`)).toBe(true)
  })

  it.each([
    ['a key twice', '{"id":"a","id":"b"}'],
    ['a feature twice', '{"features":{"a":1,"b":2,"a":3}}'],
    ['an object twice', '{"meta":{"at":1},"meta":{}}'],
    ['a key with an escape', '{"\\u0069d":"a"}'],
    ['an ignored key with an escape', '{"\\u0078":"a"}'],
    ['an object for a value', '{"id":{}}'],
    ['an array for a value', '{"id":[]}'],
    ['an object for a feature', '{"features":{"a":{}}}'],
    ['an array for a feature', '{"features":{"a":[1]}}'],
    ['bytes behind the event', `${EVENT}x`],
    ['two events', EVENT + EVENT],
    ['no object', '[1]'],
    ['nothing', ''],
    ['an array around it', `[${EVENT}]`],
    ['a comma too many', '{"id":"a",}'],
    ['a comma too few', '{"id":"a""score":1}'],
    ['no colon', '{"id" "a"}'],
    ['no value', '{"id":}'],
    ['deep nesting', `{"x":${'['.repeat(1000)}${']'.repeat(1000)}}`],
    ['NaN', '{"score":NaN}'],
    ['Infinity', '{"score":-Infinity}'],
    ['a control character', '{"id":"a\tb"}'],
    [
      'a lone surrogate half in UTF-8',
      Uint8Array.of(...Buffer.from('{"id":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d),
    ],
    ['a cut character', Uint8Array.of(...Buffer.from('{"id":"'), 0xe2, 0x82, 0x22, 0x7d)],
    ['a replacement character', '{"id":"\ufffd"}'],
  ])('is in doubt at %s', (_, text) => {
    // Also once the shape of good events is known.
    expect(reads(EVENT)).toBe(true)
    expect(reads(text)).toBe(false)
    expect(reads(EVENT)).toBe(true)
  })

  it('is in doubt wherever an event is cut off', () => {
    for (let length = 0; length < EVENT.length; length++)
      expect(reads(EVENT.slice(0, length)), `${length}`).toBe(false)
  })

  it('tells an unknown feature from other doubts', () => {
    expect(reads('{"features":{"d":1}}')).toBe(false)
    expect(reader.metUnknownFeature).toBe(true)
    expect(reads('{"features":{"a":1,"a":2}}')).toBe(false)
    expect(reader.metUnknownFeature).toBe(false)
  })

  it('tells an event without features from one with none', () => {
    expect(reads('{"id":"a"}')).toBe(true)
    expect(reader.featureCount).toBe(-1)
    expect(reads('{"id":"a","features":7}')).toBe(true)
    expect(reader.featureCount).toBe(-1)
    expect(reads('{"id":"a","features":{}}')).toBe(true)
    expect(reader.featureCount).toBe(0)
  })

  it('has an object for a score, as its bytes', () => {
    expect(reads('{"score":{"yes":0.25,"n\\u006f":0.75}}')).toBe(true)
    expect(kindAt(slots.score)).toBe(KIND.OBJECT)
    const { starts, ends } = reader.cells
    expect(reader.record.bytes.toString('utf8', starts[slots.score], ends[slots.score])).toBe(
      '{"yes":0.25,"n\\u006f":0.75}',
    )
    expect(reads('{"score":{"yes":0.25,}}')).toBe(false)
  })

  it('never takes bytes for a key because nothing was known of that place', () => {
    for (const bytes of [
      [0, 0, 0, 0],
      [0xff, 0xff, 0xff, 0xff],
    ]) {
      const fresh = new EventReader(planEvent({ id: 'id', features: 'features' }))
      expect(fresh.read(Buffer.from([0x7b, ...bytes, 0x35, 0x7d]))).toBe(false)
      expect(fresh.read(Buffer.from('{"id":"a","features":{}}'))).toBe(true)
      expect(fresh.read(Buffer.from([0x7b, ...bytes, 0x35, 0x7d]))).toBe(false)
    }
  })

  it('does not read records beyond its size', () => {
    const filled = EVENT.padEnd(RECORD_BYTES_MAX, ' ')
    expect(reads(filled)).toBe(true)
    expect(reads(`${filled} `)).toBe(false)
  })

  it('goes on with other features after it has forgotten the first', () => {
    const own = planEvent({ id: 'id', features: 'features' })
    const forgetful = new EventReader(own)
    own.keys.addKey(own.features, 'a')
    expect(forgetful.read(Buffer.from('{"id":"x","features":{"a":1}}'))).toBe(true)
    forgetful.forget()
    expect(forgetful.read(Buffer.from('{"id":"x","features":{"a":1}}'))).toBe(false)
    expect(own.keys.addKey(own.features, 'b')).not.toBe(0)
    expect(forgetful.read(Buffer.from('{"id":"x","features":{"b":5}}'))).toBe(true)
    expect(forgetful.cells.numbers[own.keys.slotOf(own.features, 'b')]).toBe(5)
    expect(forgetful.read(Buffer.from('{"id":"x","features":{"a":1}}'))).toBe(false)
  })
})
