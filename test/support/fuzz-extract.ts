import { createDraw } from './draw.ts'
import { FEATURE_NAMES, featureText, labelText, MAPPINGS } from './event-records.ts'
import { createAgreement } from './extract-agreement.ts'
import { mutated } from './mutated-bytes.ts'

export interface FuzzOptions {
  readonly runs: number
  readonly seed: number
}

export interface FuzzResult {
  /** Records written as events are, most of them with faults planted, and how many were read unparsed. */
  readonly structured: number
  readonly structuredRead: number
  /** Records of random bytes. */
  readonly random: number
  readonly refused: number
  readonly differences: number
  /** The first few differences, each with what it takes to see it again. */
  readonly shown: readonly string[]
}

/** The default mapping half of the time; the one that is never read only now and then. */
const WEIGHTS = [52, 13, 13, 8, 2, 10, 2]
const SHOWN_MAX = 5

const SELECTIONS = [
  FEATURE_NAMES.slice(0, 11),
  ['cat_1', 'num_03', '__proto__', 'constructor', 'never', '', 'y', 'tab\t'],
  [],
]

/** Throws records at the extractors of several mappings and compares each with what the decoder says. */
export function fuzzExtract({ runs, seed }: FuzzOptions): FuzzResult {
  const draw = createDraw(seed)
  const agreements = MAPPINGS.map((mapping) => createAgreement(mapping, SELECTIONS))
  let refused = 0
  const mappings = MAPPINGS.flatMap((_, index) => Array<number>(WEIGHTS[index]!).fill(index))
  const shown: string[] = []
  let structured = 0
  let structuredRead = 0
  let differences = 0
  for (let run = 0; run < runs; run++) {
    const index = draw.of(mappings)
    // What was learned decides what is read: now and then all of it is lost.
    if (draw.chance(1 / 300)) {
      refused += agreements[index]!.refusedCount
      agreements[index] = createAgreement(MAPPINGS[index]!, SELECTIONS)
    }
    const agreement = agreements[index]!
    const isLabel = draw.chance(0.15)
    const isRandom = draw.chance(0.05)
    const text = isLabel ? labelText(draw, MAPPINGS[index]!) : featureText(draw, MAPPINGS[index]!)
    const record = isRandom
      ? Buffer.from(Array.from({ length: draw.below(200) }, () => draw.below(256)))
      : mutated(draw, Buffer.from(text), faultCount(draw.below(100)))
    const before = agreement.readCount
    const difference = isLabel ? agreement.label(record) : agreement.feature(record)
    if (!isRandom) {
      structured++
      structuredRead += agreement.readCount - before
    }
    if (difference === null) continue
    differences++
    if (shown.length < SHOWN_MAX) {
      shown.push(
        `seed ${seed}, run ${run}, mapping ${index}, ${isLabel ? 'label' : 'feature'} ${JSON.stringify(record.toString('latin1'))}\n  ${difference}`,
      )
    }
  }
  for (const { refusedCount } of agreements) refused += refusedCount
  return { structured, structuredRead, random: runs - structured, refused, differences, shown }
}

/** Half of the records are as written; the others have one, two or five faults. */
function faultCount(percent: number): number {
  if (percent < 50) return 0
  if (percent < 84) return 1
  return percent < 94 ? 2 : 5
}
