import type { Row } from '../streams/row.ts'
import type { Model } from './naive-bayes.ts'

/** 1 where the most probable class is not the row's. */
export function isWrong(model: Model, { x, y }: Row): 0 | 1 {
  const probabilities = model(x)
  let best = 0
  for (let k = 1; k < probabilities.length; k++) if (probabilities[k]! > probabilities[best]!) best = k
  return best === y ? 0 : 1
}
