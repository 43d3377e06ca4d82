import type { TensorData, ValueMetadata } from 'onnxruntime-web/wasm'
import type { TrainingRow } from '../../../events/training-row.ts'
import type { OnnxSettings } from './settings.ts'

/** An input of the model: which features it takes, one a column, and how they are written. */
export interface InputPlan {
  readonly name: string
  readonly type: ColumnType
  readonly features: readonly string[]
  readonly categorical: readonly string[]
  /** Rows and columns, or one column without a second dimension. */
  readonly rank: 1 | 2
}

type ColumnType = 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'string'
const COLUMN_TYPES: ReadonlySet<string> = new Set(['float32', 'float64', 'int64', 'int32', 'bool', 'string'])

/**
 * Says what each input is fed with: the features that the settings name for it, else the feature that has its
 * name, else, where it is the only one, all features in the order of the configuration.
 * @throws Error, with what was expected and what came, for an input that cannot be fed so
 */
export function planInputs(
  inputs: readonly ValueMetadata[],
  { features, categorical, inputs: given }: Pick<OnnxSettings, 'features' | 'categorical' | 'inputs'>,
): InputPlan[] {
  const byInput = new Map(given ?? [])
  const unknown = [...byInput.keys()].filter((name) => inputs.every((input) => input.name !== name))
  if (unknown.length > 0) {
    throw new Error(
      `expected inputs among ${namesOf(inputs)}, got ${unknown.join(', ')} in predictor.onnx.inputs`,
    )
  }
  return inputs.map((input) => {
    const { name, type = 'no tensor', shape = [] } = input
    if (!isColumnType(type)) {
      const types = [...COLUMN_TYPES].join(', ')
      throw new Error(`expected the input ${name} to be of ${types}, it is of ${type}`)
    }
    if (shape.length !== 1 && shape.length !== 2) {
      throw new Error(
        `expected the input ${name} to have rows and columns, it has ${shape.length} dimensions`,
      )
    }
    const taken = byInput.get(name) ?? (features.includes(name) ? [name] : null)
    if (taken === null && inputs.length > 1) {
      throw new Error(
        `expected the input ${name} to have the name of a feature (${features.join(', ')}) or features in predictor.onnx.inputs; the model's inputs are ${namesOf(inputs)}`,
      )
    }
    const columns = taken ?? features
    const width = shape.length === 1 ? 1 : fixedSize(shape[1])
    if (width !== null && width !== columns.length) {
      throw new Error(
        `expected ${width} features for the input ${name}, got ${columns.length} (${columns.join(', ')}): name them, in order, in predictor.onnx.inputs`,
      )
    }
    return { name, type, features: columns, categorical, rank: shape.length }
  })
}

/** How many rows the model takes at once; null: as many as there are. Several inputs, the fewest. */
export function batchSize(inputs: readonly ValueMetadata[]): number | null {
  const sizes = inputs.map(({ shape }) => fixedSize(shape?.[0])).filter((size) => size !== null)
  return sizes.length === 0 ? null : Math.min(...sizes)
}

/**
 * The values of one input, row by row. Missing, and a text in place of a number: NaN, and no word in an input of
 * whole numbers; in a text input the empty text. True and false are 1 and 0, in a text input `true` and `false`.
 * @throws Error for a value that an input of whole numbers cannot hold, and for a category that is a text in an
 *   input of numbers
 */
export function columnsOf(rows: readonly TrainingRow[], plan: InputPlan): TensorData {
  const { type, features } = plan
  const cells = rows.flatMap(({ id, features: row }) =>
    features.map((feature): Cell => {
      return { id, feature, value: Object.hasOwn(row, feature) ? row[feature] : undefined }
    }),
  )
  switch (type) {
    case 'float32':
      return Float32Array.from(cells, (cell) => numberOf(cell, plan))
    case 'float64':
      return Float64Array.from(cells, (cell) => numberOf(cell, plan))
    case 'int64':
      return BigInt64Array.from(cells, (cell) => BigInt(wholeOf(cell, plan)))
    case 'int32':
      return Int32Array.from(cells, (cell) => wholeOf(cell, plan))
    case 'bool':
      return Uint8Array.from(cells, (cell) => (wholeOf(cell, plan) === 0 ? 0 : 1))
    case 'string':
      return cells.map(({ value }) => (value == null ? '' : String(value)))
  }
}

interface Cell {
  readonly id: string
  readonly feature: string
  readonly value: TrainingRow['features'][string] | undefined
}

function numberOf({ id, feature, value }: Cell, { name, type, categorical }: InputPlan): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !categorical.includes(feature)) return Number.NaN
  throw new Error(
    `expected numbers for the input ${name}, which is of ${type}, got "${value}", the ${feature} of ${id}: name the features that it takes in predictor.onnx.inputs`,
  )
}

function wholeOf(cell: Cell, plan: InputPlan): number {
  const number = numberOf(cell, plan)
  if (Number.isSafeInteger(number)) return number
  const { id, feature, value } = cell
  throw new Error(
    `expected a whole number of ${feature} in ${id} for the input ${plan.name}, which is of ${plan.type}, got ${value ?? 'none'}: an input of floats can do without`,
  )
}

function isColumnType(type: string): type is ColumnType {
  return COLUMN_TYPES.has(type)
}

/** Null where the size is free: a name, or more than any model has. */
function fixedSize(size: number | string | undefined): number | null {
  return typeof size === 'number' && size > 0 && size < 2 ** 32 - 1 ? size : null
}

function namesOf(values: readonly ValueMetadata[]): string {
  return values.map(({ name }) => name).join(', ')
}
