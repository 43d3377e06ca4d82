import { expect, it } from 'vitest'
import { ByteReader } from '../../../src/sketches/byte-reader.ts'
import { ByteWriter } from '../../../src/sketches/byte-writer.ts'
import { readValue, writeValue } from '../../../src/steps/waiting-values.ts'

const values = [
  0,
  -0,
  Number.MAX_VALUE,
  '',
  'yes',
  '\ud800',
  true,
  false,
  undefined,
  {},
  { yes: 0.25, no: 0.75 },
  JSON.parse('{"__proto__": 0.5, "constructor": 0.5, "2": 0, "1": 0}') as Record<string, number>,
]

it.each(values.map((value) => [value]))('gives back %j', (value) => {
  const writer = new ByteWriter()
  writeValue(writer, value)
  const reader = new ByteReader(writer.finish())
  const back = readValue(reader)
  reader.end()
  expect(back).toStrictEqual(value)
  if (typeof value === 'object') expect(Object.entries(back as object)).toEqual(Object.entries(value))
})

it('refuses bytes of no kind', () => {
  expect(() => readValue(new ByteReader(Uint8Array.of(9)))).toThrow('expected a kind of value, got 9')
})
