import { describe, expect, it } from 'vitest'
import { readUntil, type Stretch } from '../../../../src/log/kafkajs/read-until.ts'
import type { Position } from '../../../../src/log/port.ts'

/**
 * A partition as a string: a letter is a record, `|` a transaction marker, `.` an offset of which a fetch
 * says nothing, as of a broker that cannot keep up. Fetches bring up to three offsets.
 */
function logOf(
  partitions: readonly string[],
  stableEnds: readonly number[] = partitions.map((p) => p.length),
) {
  const asked: number[] = []
  const fetchOne = ({ topic, partition, offset }: Position) => {
    asked.push(offset)
    const slots = partitions[partition]!
    const stableEnd = stableEnds[partition]!
    const holeAt = slots.indexOf('.', offset)
    const stop = Math.min(offset + 3, stableEnd, holeAt === -1 ? Number.POSITIVE_INFINITY : holeAt)
    const records = []
    for (let at = offset; at < stop; at++) {
      const letter = slots[at]!
      if (letter !== '|')
        records.push({ offset: at, timestamp: 0, key: null, value: Buffer.from(letter), headers: {} })
    }
    const nextOffset = Math.max(offset, stop)
    return { batch: { topic, partition, records, nextOffset, highWatermark: slots.length }, stableEnd }
  }
  return { asked, reader: { fetch: async (positions: readonly Position[]) => positions.map(fetchOne) } }
}

const stretch = (partition: number, offset: number, end: number): Stretch => ({
  topic: 't',
  partition,
  offset,
  end,
})

async function textOf(
  batches: AsyncIterable<{ records: readonly { value: Uint8Array | null }[] }>,
): Promise<string> {
  let text = ''
  for await (const { records } of batches) text += records.map(({ value }) => `${value}`).join('')
  return text
}

describe('readUntil', () => {
  it('reads stretches of several partitions to their ends and no further', async () => {
    const { reader } = logOf(['abcdefgh', 'stuvwxyz'])
    const stretches = [stretch(0, 1, 6), stretch(1, 6, 8)]
    expect(await textOf(readUntil(reader, stretches, 0))).toBe('bcdyzef')
    expect(stretches.map(({ offset }) => offset >= 6)).toEqual([true, true])
  })

  it('ends behind markers, wherever they are', async () => {
    const { reader } = logOf(['ab|cd||||||'])
    expect(await textOf(readUntil(reader, [stretch(0, 0, 11)], 0))).toBe('abcd')
    expect(await textOf(readUntil(reader, [stretch(0, 10, 11)], 0))).toBe('')
  })

  it('asks for nothing where there is nothing to read', async () => {
    const { reader, asked } = logOf(['abc'])
    expect(await textOf(readUntil(reader, [stretch(0, 3, 3), stretch(0, 3, 1)], 0))).toBe('')
    expect(asked).toEqual([])
  })

  it('never steps over a committed offset that nothing came for: it stands there', async () => {
    const { reader } = logOf(['ab...cd'])
    const silent = stretch(0, 0, 7)
    expect(await textOf(readUntil(reader, [silent], 20))).toBe('ab')
    expect(silent.offset).toBe(2)
  })

  it('stands before an open transaction when its patience is over, and loses nothing', async () => {
    const { reader } = logOf(['abcdef'], [2])
    const held = stretch(0, 0, 6)
    expect(await textOf(readUntil(reader, [held], 20))).toBe('ab')
    expect(held.offset).toBe(2)
  })

  it('goes on when the transaction ends in time', async () => {
    const stableEnds = [2]
    const { reader, asked } = logOf(['abcdef'], stableEnds)
    const fetch = async (positions: readonly Position[]) => {
      if (asked.length === 20) stableEnds[0] = 6
      return reader.fetch(positions)
    }
    expect(await textOf(readUntil({ fetch }, [stretch(0, 0, 6)], 60_000))).toBe('abcdef')
  })

  it('passes on what went wrong, also to whoever is slower than the next fetch', async () => {
    const { reader } = logOf(['abcdef'])
    let fetches = 0
    const fetch = async (positions: readonly Position[]) => {
      if (fetches++ > 0) throw new Error('gone')
      return reader.fetch(positions)
    }
    const batches = readUntil({ fetch }, [stretch(0, 0, 6)], 0)
    expect((await batches.next()).value?.nextOffset).toBe(3)
    await new Promise(setImmediate)
    await expect(batches.next()).rejects.toThrow('gone')
  })
})
