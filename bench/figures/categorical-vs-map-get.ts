import { createRandom } from '../../src/statistics/random.ts'
import { tellRatio } from '../figure-process.ts'
import { expectCounted, type Side } from '../measure.ts'
import { CategoricalSubject } from '../subjects/categorical.ts'

const CATEGORIES = Array.from({ length: 1_000 }, (_, index) => `store-${index}`)
const random = createRandom('categories')
/** Uniform in the logarithm of the rank: about as Zipf has it, all thousand present. */
const drawn = Array.from({ length: 200_000 }, () => CATEGORIES[Math.floor(1_001 ** random()) - 1]!)
const json = JSON.stringify(drawn)

const subject = new CategoricalSubject(drawn)
const map = new Map(CATEGORIES.map((category, index) => [category, index]))
let strings: readonly string[] = []
let found = 0

const counting: Side = {
  prepare() {
    parseAgain()
    subject.clear()
  },
  run: () => subject.count(strings),
  check: () => expectCounted(subject.total(), drawn.length),
  operations: drawn.length,
}

const lookingUp: Side = {
  prepare: parseAgain,
  run() {
    const looked = strings
    let hits = 0
    for (let index = 0; index < looked.length; index++) if (map.get(looked[index]!)! >= 0) hits++
    found = hits
  },
  check: () => expectCounted(found, drawn.length),
  operations: drawn.length,
}

tellRatio({ name: 'driftstream', side: counting }, { name: 'Map.get', side: lookingUp }, 30)

/** Strings as they come out of an event, parsed anew for either side. */
function parseAgain(): void {
  strings = JSON.parse(json)
}
