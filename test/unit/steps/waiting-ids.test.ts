import { describe, expect, it } from 'vitest'
import { IdUnits } from '../../../src/steps/id-units.ts'
import { relaidList } from '../../../src/steps/relaid.ts'
import { NO_ROW, WaitingIds } from '../../../src/steps/waiting-ids.ts'

/** Ids with a column beside them that holds each id again. */
function openIds(hashOf: (id: string) => number = (id) => new IdUnits().take(id).hash) {
  const units = new IdUnits()
  const unitsOf = (id: string) => Object.assign(units.take(id), { hash: hashOf(id) })
  const columns = {
    ids: [] as string[],
    capacity: 0,
    relay(order: Int32Array, capacity: number) {
      columns.ids = relaidList(columns.ids, order, capacity)
      columns.capacity = capacity
    },
  }
  const ids = new WaitingIds(columns)
  return {
    ids,
    columns,
    add(id: string) {
      const row = ids.add(unitsOf(id))
      columns.ids[row] = id
    },
    rowOf: (id: string) => ids.find(unitsOf(id)),
    /** What the column says at the id's row; undefined where there is none. */
    found: (id: string) => columns.ids[ids.find(unitsOf(id))],
    delete: (id: string) => ids.delete(ids.find(unitsOf(id))),
    /** Empties it, oldest first. */
    drain() {
      const drained: string[] = []
      while (ids.first !== NO_ROW) {
        drained.push(columns.ids[ids.first]!)
        ids.delete(ids.first)
      }
      return drained
    },
  }
}

const names = (count: number, prefix = 'p-') => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

describe('WaitingIds', () => {
  it('finds what was added and nothing else, and hands it back in order', () => {
    const held = openIds()
    expect(held.rowOf('p-0')).toBe(NO_ROW)
    for (const id of names(5_000)) held.add(id)
    expect(held.ids.size).toBe(5_000)
    for (const id of names(5_000)) expect(held.found(id)).toBe(id)
    for (const id of names(5_000, 'q-')) expect(held.rowOf(id)).toBe(NO_ROW)
    expect(held.drain()).toEqual(names(5_000))
    expect(held.ids.size).toBe(0)
  })

  it('tells ids apart that have one hash, whichever of them is deleted', () => {
    for (const hashOf of [() => 7, () => -1, (id: string) => new IdUnits().take(id).hash & 3]) {
      const held = openIds(hashOf)
      const ids = names(60)
      for (const id of ids) held.add(id)
      for (const id of ids.filter((_, at) => at % 3 === 1)) held.delete(id)
      for (const [at, id] of ids.entries()) expect(held.found(id)).toBe(at % 3 === 1 ? undefined : id)
      held.add('p-1')
      expect(held.drain()).toEqual([...ids.filter((_, at) => at % 3 !== 1), 'p-1'])
    }
  })

  it('compares ids unit by unit, whatever is in them', () => {
    const held = openIds(() => 0)
    const odd = ['a', 'b', 'aa', 'é', '\u0100', '\0\u0001', '\ud800', '\udc00', '\ufffd', '漢字', '__proto__']
    const long = ['x'.repeat(512), '東'.repeat(512), `${'x'.repeat(511)}y`]
    for (const id of [...odd, ...long]) {
      expect(held.rowOf(id)).toBe(NO_ROW)
      held.add(id)
    }
    for (const id of [...odd, ...long]) expect(held.found(id)).toBe(id)
    expect(held.drain()).toEqual([...odd, ...long])
  })

  it('needs no more room than there is at once, however many have passed', () => {
    const held = openIds()
    for (const [at, id] of names(100_000).entries()) {
      held.add(id)
      if (at >= 100) held.ids.delete(held.ids.first)
    }
    expect(held.ids.size).toBe(100)
    expect(held.columns.capacity).toBeLessThanOrEqual(256)
    expect(held.drain()).toEqual(names(100_000).slice(-100))
  })

  it('does not keep room for the many that were deleted behind one that stays', () => {
    const held = openIds()
    held.add('stays')
    for (const id of names(100_000)) {
      held.add(id)
      held.delete(id)
    }
    expect(held.columns.capacity).toBeLessThanOrEqual(16)
    expect(held.drain()).toEqual(['stays'])
  })

  it('gives room back when told to, and only where there is plenty', () => {
    const held = openIds()
    for (const id of names(1_000)) held.add(id)
    expect(held.columns.capacity).toBe(1_024)
    held.ids.trim()
    expect(held.columns.capacity).toBe(1_024)
    for (const id of names(900)) held.delete(id)
    held.ids.trim()
    expect(held.columns.capacity).toBe(256)
    expect(held.drain()).toEqual(names(1_000).slice(900))
  })
})
