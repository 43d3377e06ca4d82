import type { Draw } from './draw.ts'

/** Numbers that readers of numbers have got wrong, and some that are none. */
const NUMBERS: readonly string[] = [
  ...['0', '-0', '0.0', '-0.00', '0e5', '-0e-5', '0e999', '0E+0', '1', '-1', '10', '1.0', '-1.50'],
  ...['99999999', '100000000', '999999999', '1000000000', '4294967295', '4294967296', '2147483648'],
  ...['999999999999999', '1000000000000000', '9007199254740991', '9007199254740993', '-9007199254740995'],
  ...['18014398509481986', '123456789012345678', '12345678901234567890', `1${'0'.repeat(40)}`],
  ...['0.1', '0.3', '1e-7', '1.5e-7', '5e-324', '2.4703282292062327e-324', '1.7976931348623157e308', '1e999'],
  ...['-1e999', '1e22', '1e23', '1E5', '1e+5', '1e-22', '1e-23', '8.5e0022', '123456.7890123456', '0.000001'],
  ...['4503599627370496.5', '4503599627370497.5', '2251799813685248.25', '2251799813685248.75', '1e400e4'],
  ...[
    '1125899906842624.125',
    '0.30000000000000004',
    '0.1234567',
    '12.12345678',
    '12345.12345678',
    '123456.12345678',
  ],
  ...['0.12345678901234567', '0.123456789012345678', '0.1234567890123456789', `0.${'0'.repeat(30)}1`],
  ...[
    '01',
    '-01',
    '00',
    '1.',
    '.5',
    '-',
    '+1',
    '-.5',
    '1.e5',
    '1e',
    '1e+',
    '0x10',
    '1_000',
    '1.5.2',
    '--1',
    '1-',
  ],
  ...['NaN', 'Infinity', '-Infinity', 'nul', 'nulll', 'tru', 'True', 'falsee', 'undefined', '１'],
]

const doubles = new Float64Array(1)
const words = new Uint32Array(doubles.buffer)

/** A number in one of the ways that programs print numbers, or of those nobody prints. */
export function spellNumber(draw: Draw): string {
  switch (draw.below(8)) {
    case 0:
      return draw.of(NUMBERS)
    case 1:
      return String(draw.below(1000) - 500)
    case 2:
      return String(1_700_000_000_000 + draw.below(1_000_000_000))
    case 3:
      return String(anyDouble(draw))
    case 4:
      return String((draw.below(2 ** 30) / 2 ** 30 - 0.5) * 10 ** (draw.below(16) - 8))
    case 5:
      return nearMiddle(draw)
    case 6:
      return anyDigits(draw)
    default:
      return ((draw.below(2_000_000) - 1_000_000) / 10 ** draw.below(7)).toFixed(draw.below(7))
  }
}

function anyDouble(draw: Draw): number {
  words[0] = draw.below(2 ** 32)
  words[1] = draw.below(2 ** 32)
  return Number.isFinite(doubles[0]) ? doubles[0]! : 0
}

function anyDigits(draw: Draw): string {
  const digits = (count: number): string => Array.from({ length: count }, () => draw.below(10)).join('')
  const whole = draw.chance(0.5) ? '0' : `${1 + draw.below(9)}${digits(draw.below(20))}`
  const fraction = draw.chance(0.8) ? `.${'0'.repeat(draw.below(4))}${digits(1 + draw.below(22))}` : ''
  const exponent = draw.chance(0.2)
    ? draw.of(['e', 'E']) + draw.of(['', '+', '-']) + digits(1 + draw.below(3))
    : ''
  return (draw.chance(0.4) ? '-' : '') + whole + fraction + exponent
}

/** The middle between two doubles, or a decimal beside it: where rounding is decided by the last digit. */
function nearMiddle(draw: Draw): string {
  const halves = draw.below(10)
  const odd = 2n * (2n ** 52n + BigInt(draw.below(2 ** 31)) * BigInt(draw.below(2 ** 20))) + 1n
  // odd / 2^(1 + halves), written out: as many digits behind the point as there are halves.
  const scaled = odd * 5n ** BigInt(halves) + BigInt(draw.below(3) - 1)
  const text = scaled.toString().padStart(halves + 1, '0')
  return halves === 0 ? text : `${text.slice(0, -halves)}.${text.slice(-halves)}`
}

const TEXTS: readonly string[] = [
  ...[
    '',
    'a',
    'DEN',
    'SLC',
    'Mon',
    'store-17',
    'Zürich',
    '東京',
    '🛩',
    'e\u0301',
    'NaN',
    'Infinity',
    'true',
    '1',
  ],
  ...[
    'say "hi"',
    'back\\slash',
    'a/b',
    'line\nbreak',
    'tab\t',
    '\u0000',
    '\u007f',
    '\u0080',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '\ufffd',
    '\ud800',
    'x\udc00',
    '__proto__',
    'constructor',
    'with space',
    '{"a":1}',
    'exactly 32 bytes of text, no more',
  ],
  ...[
    'x'.repeat(31),
    'x'.repeat(32),
    'x'.repeat(33),
    'y'.repeat(100),
    'y'.repeat(101),
    'z'.repeat(300),
    'z'.repeat(513),
  ],
]

/** A text with its quotes: as JSON.stringify writes it, as Python does, or with escapes nobody needs. */
export function spellText(draw: Draw, text: string = draw.of(TEXTS)): string {
  const way = draw.below(10)
  if (way < 7) return JSON.stringify(text)
  if (way === 7) return JSON.stringify(text).replace(/[\u0080-\uffff]/g, escaped)
  if (way === 8) return JSON.stringify(text).replaceAll('/', '\\/')
  const at = draw.below(text.length)
  return `"${[...text].map((letter, index) => (index === at && letter.length === 1 ? escaped(letter) : JSON.stringify(letter).slice(1, -1))).join('')}"`
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Any scalar, now and then something deeper. */
export function spellValue(draw: Draw): string {
  const kind = draw.below(40)
  if (kind < 22) return spellNumber(draw)
  if (kind < 33) return spellText(draw)
  if (kind < 38) return draw.of(['true', 'false', 'null'])
  return draw.of([
    '{}',
    '[]',
    '[1,2]',
    '{"a":1}',
    '{"a":{"a":[null,"\\u00e9"]}}',
    `${'['.repeat(40)}${']'.repeat(40)}`,
  ])
}
