import type { Draw } from './draw.ts'

/** Bytes that mean something to a reader of JSON, or nearly do. */
const TOKENS: readonly Buffer[] = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    ' ',
    '\n',
    '\t',
    '\r',
    '\f',
    '\v',
    '\0',
    '/',
    '\u00a0',
    '\ufeff',
    '\u2028',
  ],
  ...['0', '1', '9', '-', '+', '.', 'e', 'E', '00', '-0', '1e999', 'NaN', 'null', 'true', '""', '{}', '[]'],
  ...[
    '"model":"other",',
    '"features":{},',
    '"id":"second",',
    '"num_01":2,',
    '"\\u006dodel":"x",',
    '"\\u006eum_01":7,',
  ],
  ...['\\u0041', '\\ud83d', '\\', '\\x', '\\u00', 'é', '東', '"__proto__":{"id":"x"},'],
].map((text) => Buffer.from(text))

/** Bytes that no UTF-8 has, in this place. */
const INVALID: readonly Buffer[] = [
  [0x80],
  [0xc0, 0xaf],
  [0xe2, 0x82],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80],
  [0xff],
].map((bytes) => Buffer.from(bytes))

/** A record with so many faults planted: bytes flipped, put in, cut out, moved, repeated. */
export function mutated(draw: Draw, record: Buffer, count: number): Buffer {
  let bytes = record
  for (let fault = 0; fault < count; fault++) bytes = mutate(draw, bytes)
  return bytes
}

function mutate(draw: Draw, bytes: Buffer): Buffer {
  const at = draw.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + draw.below(draw.chance(0.5) ? 3 : 40))
  switch (draw.below(10)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      if (at < bytes.length) flipped[at] = bytes[at]! ^ (1 << draw.below(8))
      return flipped
    }
    case 1:
      return spliced(bytes, at, end, Buffer.from([draw.below(256)]))
    case 2:
      return spliced(bytes, at, at, draw.of(TOKENS))
    case 3:
      return spliced(bytes, at, end, draw.of(TOKENS))
    case 4:
      return spliced(bytes, at, end, Buffer.alloc(0))
    case 5:
      return spliced(bytes, end, end, bytes.subarray(at, end))
    case 6:
      return bytes.subarray(0, at)
    case 7:
      return draw.chance(0.2) ? spliced(bytes, at, at, draw.of(INVALID)) : respelledNumber(draw, bytes, at)
    case 8:
      return repeatedPair(draw, bytes, at)
    default:
      return Buffer.concat([bytes, draw.of(TOKENS)])
  }
}

function spliced(bytes: Buffer, from: number, to: number, middle: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, from), middle, bytes.subarray(to)])
}

/** Another digit, point, sign or exponent inside the next number. */
function respelledNumber(draw: Draw, bytes: Buffer, at: number): Buffer {
  const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39
  let digit = at
  while (digit < bytes.length && !isDigit(bytes[digit]!)) digit++
  return spliced(
    bytes,
    digit,
    digit,
    Buffer.from(draw.of(['0', '5', '12345678', '.', 'e', 'E-', '-', 'e+2', '.5'])),
  )
}

/** A pair of key and value once more, somewhere behind a comma. */
function repeatedPair(draw: Draw, bytes: Buffer, at: number): Buffer {
  const from = bytes.indexOf(',', at) + 1
  const to = bytes.indexOf(',', from) + 1
  if (from === 0 || to === 0) return bytes
  const place = bytes.indexOf(',', draw.below(bytes.length)) + 1
  return spliced(bytes, place, place, bytes.subarray(from, to))
}
