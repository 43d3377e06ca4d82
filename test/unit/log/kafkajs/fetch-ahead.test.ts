import { describe, expect, it } from 'vitest'
import { FetchAhead } from '../../../../src/log/kafkajs/fetch-ahead.ts'
import type { Position } from '../../../../src/log/port.ts'

const place = (offset: number, partition = 0): Position => ({ topic: 't', partition, offset })

/** A partition of `end` offsets of which a fetch brings ten; remembers what was asked. */
function source(end: number) {
  const asked: string[] = []
  const faults: Error[] = []
  const ahead = new FetchAhead(async (positions) => {
    asked.push(positions.map(({ partition, offset }) => `${partition}@${offset}`).join())
    const fault = faults.shift()
    if (fault !== undefined) throw fault
    return positions.map(({ topic, partition, offset }) => {
      const nextOffset = Math.min(offset + 10, end)
      return { batch: { topic, partition, records: [], nextOffset, highWatermark: end }, stableEnd: end }
    })
  })
  return { ahead, asked, faults }
}

const nextOf = (fetched: readonly { batch: { nextOffset: number } }[]) =>
  fetched.map(({ batch }) => batch.nextOffset)

describe('FetchAhead', () => {
  it('asks for what comes next before anybody does, and asks no second time', async () => {
    const { ahead, asked } = source(100)
    expect(nextOf(await ahead.fetch([place(0), place(50, 1)]))).toEqual([10, 60])
    expect(asked).toEqual(['0@0,1@50', '0@10,1@60'])
    // In another order it is the same question.
    expect(nextOf(await ahead.fetch([place(60, 1), place(10)]))).toEqual([20, 70])
    expect(asked).toEqual(['0@0,1@50', '0@10,1@60', '1@70,0@20'])
  })

  it('asks nothing ahead at the end: the broker would wait there for the next record', async () => {
    const { ahead, asked } = source(10)
    await ahead.fetch([place(0)])
    await ahead.fetch([place(10)])
    expect(asked).toEqual(['0@0', '0@10'])
  })

  it('drops what lies ahead when something else is asked for', async () => {
    const { ahead, asked } = source(100)
    await ahead.fetch([place(0)])
    expect(nextOf(await ahead.fetch([place(40)]))).toEqual([50])
    expect(nextOf(await ahead.fetch([place(50), place(0, 1)]))).toEqual([60, 10])
    expect(asked).toEqual(['0@0', '0@10', '0@40', '0@50', '0@50,1@0', '0@60,1@10'])
  })

  it('tells of a failure ahead to whoever asks for it, and to nobody else', async () => {
    const { ahead, faults } = source(100)
    faults.push(undefined as never, new Error('ahead'))
    await ahead.fetch([place(0)])
    await expect(ahead.fetch([place(10)])).rejects.toThrow('ahead')
    faults.push(undefined as never, new Error('unheard'))
    await ahead.fetch([place(10)])
    expect(nextOf(await ahead.fetch([place(70)]))).toEqual([80])
  })
})
