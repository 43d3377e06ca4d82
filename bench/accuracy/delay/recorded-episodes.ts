import { isWrong } from '../models/error-stream.ts'
import { fitNaiveBayes } from '../models/naive-bayes.ts'
import { RECORDED, type RecordedName, readRecorded } from '../streams/recorded.ts'
import type { Episode } from './episodes.ts'

const TRAINING = 3000
const REFERENCE = 5000
const BEFORE = 2000
const DELAY_MAX = 8000

/**
 * One episode for every known change of a recorded stream: model, reference and watch all within the
 * concept that ends there. Null where the folder does not have the stream.
 */
export function recordedEpisodes(name: RecordedName, folder: string | null): Episode[] | null {
  const rows = readRecorded(name, folder)
  if (rows === null) return null
  return RECORDED[name].drifts.map((drift) => {
    const begin = drift - BEFORE - REFERENCE - TRAINING
    const model = fitNaiveBayes(rows.slice(begin, begin + TRAINING), 2)
    const errors = (from: number, to: number) =>
      Uint8Array.from(rows.slice(from, to), (row) => isWrong(model, row))
    return {
      reference: errors(begin + TRAINING, drift - BEFORE),
      watched: errors(drift - BEFORE, drift + DELAY_MAX),
      change: BEFORE,
    }
  })
}
