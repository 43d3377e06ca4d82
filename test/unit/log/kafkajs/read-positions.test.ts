import { describe, expect, it } from 'vitest'
import { ReadPositions } from '../../../../src/log/kafkajs/read-positions.ts'
import type { Position } from '../../../../src/log/port.ts'

const at = { topic: 't', partition: 0 }

function open() {
  const seeks: Position[] = []
  const positions = new ReadPositions((position) => seeks.push(position))
  positions.move(at, 10)
  return { positions, seeks }
}

describe('ReadPositions', () => {
  it('lets pass what continues', () => {
    const { positions, seeks } = open()
    expect(positions.continues(at, 10)).toBe(true)
    expect(seeks).toEqual([])
  })

  it('asks again for what does not, and follows the log when the answer is the same', () => {
    const { positions, seeks } = open()
    expect(positions.continues(at, 50)).toBe(false)
    expect(seeks).toEqual([{ ...at, offset: 10 }])
    expect(positions.continues(at, 50)).toBe(true)
  })

  it('asks again anew after it has moved', () => {
    const { positions, seeks } = open()
    positions.continues(at, 50)
    positions.move(at, 20)
    expect(positions.continues(at, 50)).toBe(false)
    expect(seeks.map(({ offset }) => offset)).toEqual([10, 20])
  })

  it('knows nothing of partitions that are not assigned', () => {
    const { positions, seeks } = open()
    const other = { topic: 't', partition: 1 }
    expect([positions.has(at), positions.has(other)]).toEqual([true, false])
    expect(positions.continues(other, 0)).toBe(false)
    positions.clear()
    expect(positions.continues(at, 10)).toBe(false)
    expect(seeks).toEqual([])
  })
})
