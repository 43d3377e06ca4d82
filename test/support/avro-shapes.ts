import fc from 'fast-check'

/** A schema, and values of it as another implementation takes them and as JSON would have had them. */
export interface AvroCase {
  readonly schema: string
  readonly values: readonly { readonly written: unknown; readonly read: unknown }[]
}

type Shape =
  | { readonly kind: 'primitive'; readonly type: string }
  | {
      readonly kind: 'logical'
      readonly type: string
      readonly logicalType: string
      readonly scale?: number
      readonly size?: number
    }
  | { readonly kind: 'array' | 'map'; readonly inner: Shape }
  | {
      readonly kind: 'record'
      readonly names: readonly string[]
      readonly fields: readonly Shape[]
      readonly namespace?: string
      /** Its last field once more, by its name where it has one. */
      readonly again: boolean
    }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'union'; readonly branches: readonly Shape[] }

type Value = fc.Arbitrary<{ written: unknown; read: unknown }>

/** A shape with its names given. */
interface Named {
  readonly schema: unknown
  /** What it is called where it is a branch, and by which it is known elsewhere where it has a name. */
  readonly branch: string
  readonly hasName: boolean
  readonly canBeEmpty: boolean
  readonly value: Value
}

const PRIMITIVES: Readonly<Record<string, Value>> = {
  null: same(fc.constant(null)),
  boolean: same(fc.boolean()),
  int: same(fc.integer()),
  // Below, the other implementation doubles a number past what is exact.
  long: same(fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 52), max: 2 ** 53 - 2 }))),
  float: same(fc.float()),
  double: same(fc.double()),
  string: same(fc.string({ unit: 'binary', maxLength: 12 })),
  bytes: asBase64({ maxLength: 12 }),
}

const NAMES = ['id', 'at', 'features', 'x', 'Y_1', 'constructor', 'toString', 'length', '_'] as const

const { shape } = fc.letrec<{ shape: Shape; leaf: Shape; union: Shape }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(...Object.keys(PRIMITIVES)).map((type): Shape => ({ kind: 'primitive', type })),
    fc
      .constantFrom('timestamp-millis', 'local-timestamp-micros', 'timestamp-nanos', 'time-micros')
      .map((logicalType): Shape => ({ kind: 'logical', type: 'long', logicalType })),
    fc.constant<Shape>({ kind: 'logical', type: 'int', logicalType: 'date' }),
    fc
      .record({ scale: fc.nat(12), size: fc.option(fc.integer({ min: 9, max: 14 })) })
      .map(({ scale, size }): Shape => {
        const decimal = { kind: 'logical', logicalType: 'decimal', scale } as const
        return size === null ? { ...decimal, type: 'bytes' } : { ...decimal, type: 'fixed', size }
      }),
    fc
      .uniqueArray(fc.constantFrom('A', 'b', 'C_3', 'D'), { minLength: 1 })
      .map((symbols): Shape => ({ kind: 'enum', symbols })),
    fc.nat(9).map((size): Shape => ({ kind: 'fixed', size })),
  ),
  union: fc
    .uniqueArray(tie('shape'), {
      minLength: 1,
      maxLength: 4,
      selector: (each) => (each.kind === 'primitive' || each.kind === 'logical' ? each.type : each.kind),
    })
    .filter((branches) => branches.every(({ kind }) => kind !== 'union'))
    .map((branches): Shape => ({ kind: 'union', branches })),
  shape: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'shape' },
    { weight: 4, arbitrary: tie('leaf') },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('array' as const, 'map' as const), inner: tie('shape') }),
    },
    { weight: 1, arbitrary: tie('union') },
    {
      weight: 3,
      arbitrary: fc
        .record({
          names: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 5 }),
          all: fc.array(tie('shape'), { minLength: 5, maxLength: 5 }),
          namespace: fc.option(fc.constantFrom('one', 'two.three'), { nil: undefined }),
          again: fc.boolean(),
        })
        .map(({ names, all, namespace, again }): Shape => {
          const fields = all.slice(0, names.length)
          return { kind: 'record', names, fields, again, ...(namespace === undefined ? {} : { namespace }) }
        }),
    },
  ),
}))

/** Schemas of every kind that is read, three levels deep, with up to `count` values each. */
export function anyAvro(count: number): fc.Arbitrary<AvroCase> {
  return shape.chain((chosen) => {
    const { schema, value } = named(chosen, '', { next: 0 })
    return fc
      .array(value, { minLength: 1, maxLength: count })
      .map((values) => ({ schema: JSON.stringify(schema), values }))
  })
}

function named(of: Shape, space: string, names: { next: number }): Named {
  switch (of.kind) {
    case 'primitive':
      return unnamed(of.type, of.type, of.type === 'null', PRIMITIVES[of.type]!)
    case 'logical':
      return logical(of, space, names)
    case 'enum': {
      const symbol = same(fc.constantFrom(...of.symbols))
      return withName({ type: 'enum', symbols: of.symbols }, space, names, false, symbol)
    }
    case 'fixed': {
      const bytes = asBase64({ minLength: of.size, maxLength: of.size })
      return withName({ type: 'fixed', size: of.size }, space, names, of.size === 0, bytes)
    }
    case 'array': {
      const inner = named(of.inner, space, names)
      // Of items of no bytes no more are read than there are bytes.
      const items = fc.array(inner.value, { maxLength: inner.canBeEmpty ? 0 : 4 })
      return unnamed({ type: 'array', items: inner.schema }, 'array', false, items.map(listed))
    }
    case 'map': {
      const inner = named(of.inner, space, names)
      const key = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('__proto__', 'constructor', 'x'))
      const entries = fc.uniqueArray(fc.tuple(key, inner.value), { maxLength: 4, selector: ([name]) => name })
      return unnamed({ type: 'map', values: inner.schema }, 'map', false, entries.map(keyed))
    }
    case 'record':
      return record(of, space, names)
    case 'union': {
      const branches = of.branches.map((branch) => named(branch, space, names))
      const value = fc.oneof(
        ...branches.map((branch) =>
          branch.value.map(({ written, read }) => ({
            written: branch.branch === 'null' ? null : { [branch.branch]: written },
            read,
          })),
        ),
      )
      const schema = branches.map((branch) => branch.schema)
      return unnamed(schema, 'union', false, value)
    }
  }
}

function record(of: Shape & { kind: 'record' }, space: string, names: { next: number }): Named {
  const inside = of.namespace ?? space
  const own = names.next++
  const fields = of.fields.map((field, at) => ({ ...named(field, inside, names), name: of.names[at]! }))
  const last = fields.at(-1)
  // What has names inside, and none itself, may not stand there twice.
  if (of.again && last !== undefined && (last.hasName || !JSON.stringify(last.schema).includes('"name":'))) {
    fields.push({ ...last, name: 'again', schema: last.hasName ? last.branch : last.schema })
  }
  const schema = {
    type: 'record',
    name: `N${own}`,
    ...(of.namespace === undefined ? {} : { namespace: of.namespace }),
    fields: fields.map(({ name, schema: type }) => ({ name, type })),
  }
  const value = fc.tuple(...fields.map((field) => field.value.map((each) => [field.name, each] as const)))
  const canBeEmpty = fields.every((field) => field.canBeEmpty)
  return { schema, branch: fullName(own, inside), hasName: true, canBeEmpty, value: value.map(keyed) }
}

function logical(of: Shape & { kind: 'logical' }, space: string, names: { next: number }): Named {
  const { type, logicalType, scale = 0, size } = of
  if (logicalType === 'decimal') {
    const decimal = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n - 1n }).map((unscaled) => ({
      written: twosComplement(unscaled, size ?? 9),
      read: Number(withPoint(unscaled, scale)),
    }))
    const schema = { type, logicalType, precision: 22, scale }
    if (size === undefined) return unnamed(schema, type, false, decimal)
    return withName({ ...schema, size }, space, names, false, decimal)
  }
  const parts = logicalType.endsWith('micros') && logicalType !== 'time-micros' ? 1e3 : 1
  const divisor = logicalType.endsWith('nanos') ? 1e6 : parts
  const value = PRIMITIVES[type]!.map(({ written }) => {
    const number = written as number
    // Rounded down by its remainder: a quotient past 2^53 parts would be rounded twice.
    const rest = ((number % divisor) + divisor) % divisor
    const read = logicalType === 'date' ? number * 86_400_000 : (number - rest) / divisor
    return { written, read }
  })
  return unnamed({ type, logicalType }, type, false, value)
}

function unnamed(schema: unknown, branch: string, canBeEmpty: boolean, value: Value): Named {
  return { schema, branch, hasName: false, canBeEmpty, value }
}

function withName(
  schema: object,
  space: string,
  names: { next: number },
  canBeEmpty: boolean,
  value: Value,
): Named {
  const own = names.next++
  return {
    schema: { ...schema, name: `N${own}` },
    branch: fullName(own, space),
    hasName: true,
    canBeEmpty,
    value,
  }
}

function fullName(own: number, space: string): string {
  return space === '' ? `N${own}` : `${space}.N${own}`
}

function same(values: fc.Arbitrary<unknown>): Value {
  return values.map((value) => ({ written: value, read: value }))
}

function asBase64(lengths: { minLength?: number; maxLength: number }): Value {
  return fc.uint8Array(lengths).map((bytes) => {
    const written = Buffer.from(bytes)
    return { written, read: written.toString('base64') }
  })
}

function listed(items: readonly { written: unknown; read: unknown }[]) {
  return { written: items.map((each) => each.written), read: items.map((each) => each.read) }
}

function keyed(entries: readonly (readonly [string, { written: unknown; read: unknown }])[]) {
  return {
    written: Object.fromEntries(entries.map(([name, { written }]) => [name, written])),
    read: Object.fromEntries(entries.map(([name, { read }]) => [name, read])),
  }
}

function twosComplement(value: bigint, bytes: number): Buffer {
  const hex = BigInt.asUintN(8 * bytes, value).toString(16)
  return Buffer.from(hex.padStart(2 * bytes, '0'), 'hex')
}

function withPoint(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`
}
