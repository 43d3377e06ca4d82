import { describe, expect, it } from 'vitest'
import { LabelJoin } from '../../../src/steps/label-join.ts'
import { MemoryStore } from '../../support/memory-store.ts'

const prediction = (at: number) => ({
  version: '1',
  at,
  prediction: 1,
  score: 0.5,
  reference: null,
  counted: true,
})

function filled(store: MemoryStore, count: number, waitingMax = 64): { join: LabelJoin; expired: number } {
  const join = new LabelJoin(1_000_000, waitingMax, false, store)
  let expired = 0
  for (let at = 0; at < count; at++) {
    join.addPrediction(`p-${at}`, prediction(at), 0)
    expired += join.makeRoom().predictions
  }
  return { join, expired }
}

describe('a join with a store', () => {
  it('holds no more in memory than its bound, and nothing expires', () => {
    const store = new MemoryStore()
    const { join, expired } = filled(store, 1_000)
    expect(join.inMemory).toBeLessThanOrEqual(64)
    expect([join.size, join.waiting, join.inMemory + join.inStore, expired]).toEqual([1_000, 1_000, 1_000, 0])
    expect(store.writes).toBeLessThanOrEqual(1_000 / 4)
  })

  it('knows without a look that an id is not in the store', () => {
    const store = new MemoryStore()
    const { join } = filled(store, 1_000)
    for (let at = 0; at < 1_000; at++) expect(join.has(`new-${at}`)).toBe(false)
    expect(store.reads).toBe(0)
  })

  it('drops the oldest run when the store is full, and counts it', () => {
    const store = new MemoryStore(2_000)
    const { join, expired } = filled(store, 1_000)
    expect(store.bytes).toBeLessThanOrEqual(2_000)
    expect(expired + join.size).toBe(1_000)
    expect(join.inStore).toBeGreaterThan(0)
    expect(join.has(`p-${expired - 1}`)).toBe(false)
    expect(join.has(`p-${expired}`)).toBe(true)
  })

  it('lets the oldest expire where the store takes nothing', () => {
    const { join, expired } = filled(new MemoryStore(0), 1_000)
    expect([join.inStore, expired + join.size]).toEqual([0, 1_000])
    expect(join.size).toBeLessThanOrEqual(64)
  })

  it('gives its room back when all have expired', () => {
    const store = new MemoryStore()
    const { join } = filled(store, 1_000)
    join.addLabel('p-3', 3, 1, true, 0)
    expect(join.expire(2_000_000)).toEqual({ predictions: 999, orphanLabels: 0 })
    expect([join.size, join.waiting, store.bytes]).toEqual([0, 0, 0])
  })

  it('bounds labels that nobody waits for, without writing runs of a row', () => {
    const store = new MemoryStore()
    const join = new LabelJoin(1_000_000, 640, false, store)
    let orphans = 0
    for (let at = 0; at < 5_000; at++) {
      join.addLabel(`l-${at}`, at, 1, true, 0)
      orphans += join.makeRoom().orphanLabels
    }
    expect(join.size).toBeLessThanOrEqual(640)
    expect(orphans + join.size).toBe(5_000)
    join.addPrediction('p', prediction(5_000), 0)
    expect(join.makeRoom()).toEqual({ predictions: 0, orphanLabels: 0 })
    expect(store.writes).toBe(0)
  })

  it('says so when it finds other bytes than it wrote', () => {
    const broken = {
      write: (bytes: Uint8Array) => ({
        read: (at: number, into: Uint8Array) => {
          into.set(bytes.subarray(at, at + into.length))
          into.fill(0xff, 12)
        },
        release: () => {},
      }),
    }
    const join = new LabelJoin(1_000, 1, false, broken)
    for (let at = 0; at < 3; at++) {
      join.addPrediction(`p-${at}`, prediction(at), 0)
      join.makeRoom()
    }
    expect(() => join.addLabel('p-1', 5, 1, true, 0)).toThrow(
      expect.objectContaining({ code: 'JOIN_DISK_UNREADABLE' }),
    )
  })

  it('bounds labels that come first, which the store does not take, and counts each that gives way', () => {
    const join = new LabelJoin(1e9, 64, false, new MemoryStore())
    let orphans = 0
    for (let at = 0; at < 1_000; at++) {
      join.addLabel(`l-${at}`, at, 1, true, at)
      orphans += join.makeRoom().orphanLabels
      expect(join.inMemory).toBeLessThanOrEqual(64)
    }
    expect(orphans + join.size).toBe(1_000)
  })

  it('bounds both answers of a model in shadow, which the store does not take, and counts each', () => {
    const join = new LabelJoin(1e9, 64, true, new MemoryStore())
    let expired = 0
    for (let at = 0; at < 1_000; at++) {
      for (const version of ['1', '2']) join.addPrediction(`p-${at}`, { ...prediction(at), version }, at)
      expired += join.makeRoom().predictions
      expect(join.inMemory).toBeLessThanOrEqual(64)
    }
    expect([join.inStore, expired + join.size]).toEqual([0, 2_000])
  })
})
