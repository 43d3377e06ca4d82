import { describe, expect, it } from 'vitest'
import { AnswerMemory } from '../../../../src/log/kafkajs/answer-memory.ts'

const MEBIBYTE = 2 ** 20

describe('AnswerMemory', () => {
  it('hands out again what was given back, for an answer that is as long or shorter', () => {
    const memory = new AnswerMemory()
    const first = memory.take(3 * MEBIBYTE)
    expect(first).toHaveLength(3 * MEBIBYTE)
    memory.giveBack(first.subarray(8))
    expect(memory.take(4 * MEBIBYTE).buffer).not.toBe(first.buffer)
    const again = memory.take(2 * MEBIBYTE)
    expect(again).toHaveLength(2 * MEBIBYTE)
    expect(again.buffer).toBe(first.buffer)
  })

  it('hands nothing out twice, also when it is given back twice', () => {
    const memory = new AnswerMemory()
    const first = memory.take(MEBIBYTE)
    expect(memory.take(MEBIBYTE).buffer).not.toBe(first.buffer)
    memory.giveBack(first)
    memory.giveBack(first)
    expect(memory.take(MEBIBYTE).buffer).toBe(first.buffer)
    expect(memory.take(MEBIBYTE).buffer).not.toBe(first.buffer)
  })

  it('takes back nothing that it has not handed out, nor what is small', () => {
    const memory = new AnswerMemory()
    const foreign = Buffer.alloc(MEBIBYTE)
    memory.giveBack(foreign)
    expect(memory.take(MEBIBYTE).buffer).not.toBe(foreign.buffer)
    const small = memory.take(100)
    memory.giveBack(small)
    expect(memory.take(100).byteOffset).not.toBe(small.byteOffset)
  })

  it('keeps 32 MiB at most, of what came last', () => {
    const memory = new AnswerMemory()
    const taken = Array.from({ length: 5 }, () => memory.take(8 * MEBIBYTE))
    for (const bytes of taken) memory.giveBack(bytes)
    const kept = new Set(taken.slice(1).map(({ buffer }) => buffer))
    const again = new Set(Array.from({ length: 4 }, () => memory.take(8 * MEBIBYTE).buffer))
    expect(again).toEqual(kept)
  })
})
