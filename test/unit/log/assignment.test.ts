import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignCoPartitioned } from '../../../src/log/assignment.ts'

describe('assignCoPartitioned', () => {
  it('gives every partition one owner, and the same owner to the same number of every topic', () => {
    const memberIds = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 7 })
    const partitions = fc.nat({ max: 20 })
    fc.assert(
      fc.property(memberIds, partitions, partitions, (ids, features, labels) => {
        const topics = ['features', 'labels']
        const counts = new Map([
          ['features', features],
          ['labels', labels],
        ])
        const assigned = assignCoPartitioned(
          ids.map((memberId) => ({ memberId, topics })),
          counts,
        )
        const owners = new Map<string, string>()
        for (const [memberId, places] of assigned) {
          for (const { topic, partition } of places) {
            expect(owners.has(`${topic}/${partition}`)).toBe(false)
            owners.set(`${topic}/${partition}`, memberId)
          }
        }
        expect(owners.size).toBe(features + labels)
        for (let partition = 0; partition < Math.min(features, labels); partition++) {
          expect(owners.get(`features/${partition}`)).toBe(owners.get(`labels/${partition}`))
        }
        const loads = [...assigned.values()].map(
          (places) => places.filter(({ topic }) => topic === 'features').length,
        )
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('does not depend on the order in which the members are named', () => {
    const counts = new Map([['t', 5]])
    const [a, b, c] = ['a', 'b', 'c'].map((memberId) => ({ memberId, topics: ['t'] }))
    const one = assignCoPartitioned([a!, b!, c!], counts)
    const other = assignCoPartitioned([c!, a!, b!], counts)
    for (const memberId of ['a', 'b', 'c']) expect(one.get(memberId)).toEqual(other.get(memberId))
    expect(one.get('b')!.map(({ partition }) => partition)).toEqual([1, 4])
  })

  it('deals a topic among its own subscribers, and leaves out a topic that nobody knows', () => {
    const assigned = assignCoPartitioned(
      [
        { memberId: 'both', topics: ['t', 'u', 'unknown'] },
        { memberId: 'one', topics: ['t'] },
      ],
      new Map([
        ['t', 2],
        ['u', 2],
      ]),
    )
    expect(assigned.get('one')).toEqual([{ topic: 't', partition: 1 }])
    expect(assigned.get('both')).toEqual([
      { topic: 't', partition: 0 },
      { topic: 'u', partition: 0 },
      { topic: 'u', partition: 1 },
    ])
  })
})
