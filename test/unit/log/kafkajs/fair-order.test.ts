import { describe, expect, it } from 'vitest'
import { FairOrder } from '../../../../src/log/kafkajs/fair-order.ts'

const at = (topic: string, partition: number) => ({ topic, partition, offset: 0 })
const [a0, a1, a2, b0] = [at('a', 0), at('a', 1), at('a', 2), at('b', 0)]

describe('FairOrder', () => {
  it('asks in the order given while nobody has brought anything', () => {
    expect(new FairOrder().arrange([a1, a0, b0])).toEqual([a1, a0, b0])
  })

  it('asks those last that brought records last', () => {
    const order = new FairOrder()
    order.note([a0, a1])
    expect(order.arrange([a0, a1, a2, b0])).toEqual([a2, b0, a0, a1])
    order.note([a2])
    expect(order.arrange([a0, a1, a2, b0])).toEqual([b0, a0, a1, a2])
    order.note([])
    order.note([b0, a0])
    expect(order.arrange([a0, a1, a2, b0])).toEqual([a1, a2, a0, b0])
  })

  it('lets everyone have a turn, however few a fetch has room for', () => {
    const order = new FairOrder()
    const all = Array.from({ length: 12 }, (_, partition) => at('a', partition))
    const served: number[] = []
    for (let fetch = 0; fetch < 6; fetch++) {
      const brought = order.arrange(all).slice(0, 2)
      served.push(...brought.map(({ partition }) => partition))
      order.note(brought)
    }
    expect(served).toEqual(all.map(({ partition }) => partition))
  })
})
