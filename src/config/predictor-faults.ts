import { type Fault, formatPath, quoteValue } from './fault.ts'
import { isSection, valueAt } from './tree.ts'

/** One predictor a model, where there is one, and no input of features that there are not. */
export function predictorFaults(tree: unknown, model: readonly string[]): Fault[] {
  const path = [...model, 'retraining', 'predictor']
  const predictor = valueAt(tree, path)
  if (!isSection(predictor)) return []
  const given = ['command', 'url', 'onnx'].filter((kind) => predictor[kind] != null)
  const inputs = valueAt(predictor, ['onnx', 'inputs'])
  return [
    ...(given.length === 1
      ? []
      : [{ path: formatPath(path), expected: 'one of command, url, onnx', got: quoteValue(predictor) }]),
    ...(isSection(inputs) ? unknownFeatures(tree, model, inputs) : []),
  ]
}

function unknownFeatures(tree: unknown, model: readonly string[], inputs: Readonly<Record<string, unknown>>) {
  const features = valueAt(tree, [...model, 'features'])
  if (!isSection(features)) return []
  return Object.entries(inputs).flatMap(([input, columns]) => {
    const listed: unknown[] = Array.isArray(columns) ? columns : []
    const unknown = listed.filter((name) => typeof name === 'string' && !Object.hasOwn(features, name))
    return unknown.map((name) => ({
      path: formatPath([...model, 'retraining', 'predictor', 'onnx', 'inputs', input]),
      expected: 'features of this model',
      got: quoteValue(name),
    }))
  })
}
