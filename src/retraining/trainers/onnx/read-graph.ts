import { bytesField, type Field, fieldsOf, integersOf, numberField, textOf } from './protobuf.ts'

/** A model as the runtime can run it, and what its classes are called. */
export interface OnnxGraph {
  readonly model: Uint8Array
  /** In the order of the columns of the scores; null where no node says so, or several say different things. */
  readonly classes: string[] | null
}

/** Numbers of fields in onnx.proto3. */
const MODEL_GRAPH = 7
const GRAPH_NODE = 1
const GRAPH_OUTPUT = 12
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 }
const ATTRIBUTE = { name: 1, integers: 8, texts: 9 }
const VALUE_NAME = 1
const VALUE_TYPE = 2
const TENSOR_TYPE = 1
const ELEMENT_TYPE = 1
const FLOAT = 1

const CLASS_ATTRIBUTES: ReadonlySet<string> = new Set([
  'classlabels_int64s',
  'classlabels_ints',
  'classlabels_strings',
])

interface Node {
  readonly field: Field
  readonly operator: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly classes: string[]
}

/**
 * Reads the names of the classes from a model, and takes out its ZipMap, with which scikit-learn's converter
 * by default makes a sequence of maps of a matrix of scores: the runtime hands out tensors alone. The matrix
 * is then an output, under the name it had.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
 * @throws RangeError for bytes that are no model
 */
export function readGraph(model: Uint8Array): OnnxGraph {
  const fields = [...fieldsOf(model)]
  const graph = fields.find(({ number }) => number === MODEL_GRAPH)
  if (graph === undefined || typeof graph.value === 'bigint')
    throw new RangeError('expected a graph, got none')
  const parts = [...fieldsOf(graph.value)]
  const nodes = parts.filter(({ number }) => number === GRAPH_NODE).map(readNode)
  const zipMap = nodes.find(({ operator }) => operator === 'ZipMap') ?? null
  const classes = classesOf(zipMap === null ? nodes : [zipMap])
  if (zipMap === null) return { model, classes }

  const [matrix = ''] = zipMap.inputs
  const [maps = ''] = zipMap.outputs
  const kept = parts.filter((part) => part !== zipMap.field && nameOfOutput(part) !== maps)
  const outputs = parts.some((part) => nameOfOutput(part) === matrix) ? [] : [outputField(matrix)]
  const changed = Buffer.concat([...kept.map(({ bytes }) => bytes), ...outputs])
  return {
    model: Buffer.concat(
      fields.map((field) => (field === graph ? bytesField(MODEL_GRAPH, changed) : field.bytes)),
    ),
    classes,
  }
}

function readNode(field: Field): Node {
  const parts = typeof field.value === 'bigint' ? [] : [...fieldsOf(field.value)]
  const texts = (number: number) => parts.filter((part) => part.number === number).map(textOf)
  return {
    field,
    operator: texts(NODE.operator)[0] ?? '',
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
    classes: parts.filter(({ number }) => number === NODE.attribute).flatMap(classNames),
  }
}

function classNames({ value }: Field): string[] {
  if (typeof value === 'bigint') return []
  const parts = [...fieldsOf(value)]
  const name = parts.find(({ number }) => number === ATTRIBUTE.name)
  if (name === undefined || !CLASS_ATTRIBUTES.has(textOf(name))) return []
  const integers = parts.filter(({ number }) => number === ATTRIBUTE.integers).flatMap(integersOf)
  const texts = parts.filter(({ number }) => number === ATTRIBUTE.texts).map(textOf)
  return [...integers.map(String), ...texts]
}

function classesOf(nodes: readonly Node[]): string[] | null {
  const named = nodes.filter(({ classes }) => classes.length > 0)
  const [first, ...others] = new Set(named.map(({ classes }) => JSON.stringify(classes)))
  return first === undefined || others.length > 0 ? null : named[0]!.classes
}

/** Null for what is no output of the graph. */
function nameOfOutput({ number, value }: Field): string | null {
  if (number !== GRAPH_OUTPUT || typeof value === 'bigint') return null
  const name = [...fieldsOf(value)].find((part) => part.number === VALUE_NAME)
  return name === undefined ? null : textOf(name)
}

/** An output of floats, whose shape the runtime finds out. */
function outputField(name: string): Uint8Array {
  const type = bytesField(TENSOR_TYPE, numberField(ELEMENT_TYPE, FLOAT))
  return bytesField(
    GRAPH_OUTPUT,
    Buffer.concat([bytesField(VALUE_NAME, Buffer.from(name)), bytesField(VALUE_TYPE, type)]),
  )
}
