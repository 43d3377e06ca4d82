import { DEFAULT_MAPPING, type Mapping } from '../../src/events/mapping.ts'
import type { Draw } from './draw.ts'
import { spellNumber, spellText, spellValue } from './json-spellings.ts'

const { feature, label } = DEFAULT_MAPPING

/** The default, and all the ways in which paths can get into each other's way. */
export const MAPPINGS: readonly Mapping[] = [
  DEFAULT_MAPPING,
  {
    feature: {
      ...feature,
      ...{ model: 'meta.model', version: 'meta.version', id: 'meta.key', at: 'meta.time' },
      ...{ features: 'payload.features', prediction: 'out.y', score: 'out.p' },
    },
    label: { model: 'meta.model', id: 'meta.key', at: 'meta.time', label: 'truth.value' },
  },
  // Fields among the features, and one key for two fields.
  {
    feature: {
      ...feature,
      id: 'key',
      version: 'key',
      at: 'payload.ts',
      features: 'payload',
      prediction: 'payload.y',
    },
    label: { ...label, label: 'id' },
  },
  // One path begins another.
  {
    feature: { ...feature, prediction: 'out', score: 'out.p', segment: 'features.deep.segment' },
    label: { ...label, id: 'label.id' },
  },
  { feature: { ...feature, score: 'features' }, label },
  {
    feature: { ...feature, model: '__proto__', version: 'constructor', id: 'toString', features: 'valueOf' },
    label: { ...label, label: '__proto__.constructor' },
  },
  // Keys that are never read without parsing.
  { feature: { ...feature, id: 'say "id"' }, label: { ...label, label: 'x'.repeat(200) } },
]

/** Names a feature may have; the first are usual, and are the ones looked at. */
export const FEATURE_NAMES: readonly string[] = [
  ...[
    'num_00',
    'num_01',
    'num_02',
    'num_03',
    'num_04',
    'num_05',
    'num_06',
    'cat_0',
    'cat_1',
    'flag',
    'größe',
  ],
  ...[
    '__proto__',
    'constructor',
    '',
    '1',
    '10',
    'y',
    'p',
    'ts',
    '漢字',
    'toString',
    'x'.repeat(53),
    'x'.repeat(126),
  ],
  ...['say "hi"', 'back\\slash', 'tab\t', 'x'.repeat(127), '\ud800', '\ufffd'],
]

/** How a producer writes: what stands between keys, values and pairs. */
type Style = (draw: Draw) => string

const SPACES = ['', '', ' ', '  ', '\n', '\t', '\r\n  ']
const STYLES: readonly { readonly comma: Style; readonly colon: Style }[] = [
  { comma: () => ',', colon: () => ':' },
  { comma: () => ', ', colon: () => ': ' },
  { comma: () => ',\n  ', colon: () => ' : ' },
  {
    comma: (draw) => `${draw.of(SPACES)},${draw.of(SPACES)}`,
    colon: (draw) => `${draw.of(SPACES)}:${draw.of(SPACES)}`,
  },
]

type Tree = Map<string, Tree | string>

/** The text of a feature event, mostly valid, as a mapping wants it. */
export function featureText(draw: Draw, mapping: Mapping): string {
  const tree: Tree = new Map()
  const { features, ...paths } = mapping.feature
  const fields: Record<keyof typeof paths, () => string | null> = {
    model: () =>
      spellText(
        draw,
        draw.chance(0.98) ? draw.of(['flights', 'loans', 'bench']) : draw.of(['no spaces', '']),
      ),
    version: () =>
      draw.chance(0.8) ? spellText(draw, draw.of(['1', '1', '2', 'v'.repeat(100)])) : spellNumber(draw),
    id: () =>
      draw.chance(0.97) ? spellText(draw, `p-${draw.below(1e9)}${draw.of(['', '', 'é'])}`) : spellValue(draw),
    at: () => spellTime(draw),
    prediction: () =>
      draw.chance(0.95) ? draw.of(['0', '1', '"yes"', '"no"', 'true', '0.5']) : spellValue(draw),
    score: () => spellScore(draw),
    segment: () =>
      draw.chance(0.95) ? null : draw.of(['"north"', `"${'s'.repeat(200)}"`, `"${'s'.repeat(201)}"`, 'null']),
  }
  for (const name of draw.chance(0.9) ? FEATURE_NAMES.slice(0, 11) : FEATURE_NAMES) {
    if (draw.chance(0.85))
      put(tree, [...features.split('.'), name], draw.chance(0.99) ? featureValue(draw) : spellValue(draw))
  }
  for (const field of shuffled(draw, Object.keys(paths) as (keyof typeof paths)[])) {
    const value = fields[field]()
    if (value !== null && !draw.chance(0.005)) put(tree, paths[field].split('.'), value)
  }
  return written(draw, tree)
}

/** The text of a label event, mostly valid, as a mapping wants it. */
export function labelText(draw: Draw, mapping: Mapping): string {
  const tree: Tree = new Map()
  const { model, id, at, label: value } = mapping.label
  put(tree, model.split('.'), spellText(draw, draw.of(['flights', 'loans', 'bench'])))
  put(tree, id.split('.'), draw.chance(0.9) ? spellText(draw, `p-${draw.below(1e9)}`) : spellValue(draw))
  put(tree, at.split('.'), spellTime(draw))
  put(
    tree,
    value.split('.'),
    draw.chance(0.8) ? draw.of(['0', '1', '"late"', 'false', '17.25']) : spellValue(draw),
  )
  return written(draw, tree)
}

function featureValue(draw: Draw): string {
  const kind = draw.below(10)
  if (kind < 6)
    return draw.chance(0.5) ? String((draw.below(2e6) - 1e6) / 1e4) : String(draw.below(2 ** 30) / 2 ** 30)
  if (kind < 8) return spellText(draw, draw.of(['DEN', 'SLC', 'store-17', 'Zürich', '東京']))
  return draw.of(['null', 'true', 'false', '0', '1', '-0', '1e-5', spellNumber(draw)])
}

function spellTime(draw: Draw): string {
  const ms = draw.chance(0.9) ? 1_700_000_000_000 + draw.below(1e9) : draw.below(8e15) - 4e15
  if (draw.chance(0.5)) return draw.chance(0.98) ? String(ms) : spellValue(draw)
  const iso = new Date(ms).toISOString()
  if (draw.chance(0.85)) return `"${iso}"`
  const fraction = draw.of(['', '.1', '.12', '.123456', '.999999999', '.0000000000000000001', '.', ',5'])
  const zone = draw.of(['Z', 'Z', '+00:00', '-00:00', '+01:00', '-23:59', '+24:00', '+0100', 'z', ''])
  const date = draw.of([
    iso.slice(0, -14),
    '2024-02-29',
    '2023-02-29',
    '1900-02-29',
    '2001-01-32',
    '0000-01-01',
  ])
  const time = draw.of([
    iso.slice(-14, -5),
    'T23:59:59',
    'T24:00:00',
    'T06:15:60',
    'T06:15',
    ' 06:15:00',
    't06:15:00',
  ])
  return `"${draw.chance(0.7) ? iso.slice(0, -5) : date + time}${fraction}${zone}"`
}

function spellScore(draw: Draw): string | null {
  const kind = draw.below(12)
  if (kind < 2) return null
  if (kind < 9)
    return draw.of(['0.25', '0.13719283749182734', '1', '0', String(draw.below(2 ** 30) / 2 ** 30)])
  if (kind < 11)
    return draw.of([
      '{"yes":0.25,"no":0.75}',
      '{ "a": 1 }',
      '{}',
      '{"__proto__":1}',
      '{"a":"b"}',
      '{"a":1e999}',
    ])
  return spellValue(draw)
}

function put(tree: Tree, path: readonly string[], value: string): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    if (!tree.has(first)) tree.set(first, value)
    return
  }
  const inner = tree.get(first) ?? new Map()
  if (typeof inner === 'string') return
  tree.set(first, inner)
  put(inner, rest, value)
}

function written(draw: Draw, tree: Tree): string {
  const style = STYLES[draw.chance(0.6) ? 0 : draw.below(STYLES.length)]!
  const mixed = draw.chance(0.1)
  const object = (branch: Tree): string => {
    const pairs = [...branch].map(
      ([name, value]) =>
        `${draw.chance(0.002) ? spellText(draw, name) : JSON.stringify(name)}${style.colon(draw)}${typeof value === 'string' ? value : object(value)}`,
    )
    if (draw.chance(0.15)) pairs.splice(draw.below(pairs.length + 1), 0, `"extra":${spellValue(draw)}`)
    if (draw.chance(0.01)) pairs.push(draw.of(pairs))
    return `{${(mixed ? shuffled(draw, pairs) : pairs).join(style.comma(draw))}}`
  }
  return object(tree)
}

function shuffled<Item>(draw: Draw, items: readonly Item[]): Item[] {
  if (draw.chance(0.7)) return [...items]
  const mixed = [...items]
  for (let index = mixed.length - 1; index > 0; index--) {
    const other = draw.below(index + 1)
    ;[mixed[index], mixed[other]] = [mixed[other]!, mixed[index]!]
  }
  return mixed
}
