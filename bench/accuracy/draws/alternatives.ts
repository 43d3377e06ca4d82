import type { Random } from '../../../src/statistics/random.ts'
import { standardNormal } from '../../streams/distributions.ts'

/** What may become of a standard normal feature. `null`: nothing. */
export const ALTERNATIVES = {
  null: standardNormal,
  'shift 0.05': (random: Random) => standardNormal(random) + 0.05,
  'shift 0.1': (random: Random) => standardNormal(random) + 0.1,
  'scale 1.1': (random: Random) => standardNormal(random) * 1.1,
  'scale 0.9': (random: Random) => standardNormal(random) * 0.9,
  /** Two of a hundred values lie three deviations higher. */
  '2 % three deviations up': (random: Random) => standardNormal(random) + (random() < 0.02 ? 3 : 0),
  /** Student's t with five degrees of freedom, scaled to variance 1. */
  'heavy tails': (random: Random) => {
    let squares = 0
    for (let degree = 0; degree < 5; degree++) squares += standardNormal(random) ** 2
    return standardNormal(random) / Math.sqrt(squares / 3)
  },
  /** A gamma law of shape 30, with mean 0 and variance 1. */
  skew: (random: Random) => {
    let sum = 0
    for (let part = 0; part < 30; part++) sum -= Math.log(1 - random())
    return (sum - 30) / Math.sqrt(30)
  },
  'clipped at 1.8': (random: Random) => Math.min(1.8, standardNormal(random)),
} as const satisfies Record<string, (random: Random) => number>

export type AlternativeName = keyof typeof ALTERNATIVES
export const ALTERNATIVE_NAMES = Object.keys(ALTERNATIVES) as AlternativeName[]
