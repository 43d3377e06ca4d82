import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { LOSS_SUM } from './loss-sum.ts'
import { createPairedLosses, type PairEntry } from './paired-losses.ts'

/** Three texts of a byte, a double, five counts and six doubles. */
export const PAIR_BYTES_MIN = 3 + 8 + 5 + 48

const PAIR_COUNTS = ['n', 'firstErrors', 'secondErrors', 'split', 'graded'] as const

export function writePair(writer: ByteWriter, { model, first, second, paneStart, losses }: PairEntry): void {
  for (const name of [model, first, second]) writer.text(name)
  writer.float64(paneStart)
  for (const count of PAIR_COUNTS) writer.varint(losses[count])
  for (const digit of losses.sums) writer.float64(digit)
}

/** @throws DELTA_UNDECODABLE for counts of more events than there are pairs, and for what is no digit */
export function readPair(reader: ByteReader): PairEntry {
  const [model, first, second] = [reader.text(), reader.text(), reader.text()]
  const paneStart = reader.float64()
  if (!Number.isFinite(paneStart)) throw reader.fault('a finite pane start', String(paneStart))
  const losses = createPairedLosses()
  for (const count of PAIR_COUNTS) {
    losses[count] = reader.varint()
    if (losses[count] > losses.n) throw reader.fault(`at most ${losses.n} pairs`, String(losses[count]))
  }
  for (let at = 0; at < losses.sums.length; at++) {
    const digit = reader.float64()
    if (!(Number.isInteger(digit) && digit >= 0 && digit < LOSS_SUM.base)) {
      throw reader.fault('a digit of a sum', String(digit))
    }
    losses.sums[at] = digit
  }
  return { model, first, second, paneStart, losses }
}
