import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerMemory } from '../../../../src/log/kafkajs/answer-memory.ts'
import { AnswerReader } from '../../../../src/log/kafkajs/answer-reader.ts'

const sized = (bytes: Uint8Array) => {
  const size = Buffer.alloc(4)
  size.writeInt32BE(bytes.length)
  return Buffer.concat([size, bytes])
}

/** What comes out of bytes that are read in pieces of these lengths, over and over, in one buffer. */
function answersOf(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const answers: Buffer[] = []
  const reader = new AnswerReader(new AnswerMemory(), (answer) => answers.push(answer))
  const shared = Buffer.alloc(Math.max(...lengths))
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const count = bytes.copy(shared, 0, at, at + lengths[piece % lengths.length]!)
    reader.take(shared.subarray(0, count))
    at += count
  }
  return answers
}

describe('AnswerReader', () => {
  it('hands every answer on whole, however the bytes were read', () => {
    const answers = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 })
    const lengths = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(answers, lengths, (given, pieces) => {
        const expected = given.map(sized)
        expect(answersOf(Buffer.concat(expected), pieces)).toEqual(expected)
      }),
    )
  })

  it('hands on as it comes what is no answer of a broker', () => {
    const web = Buffer.from('HTTP/1.1 400 Bad Request')
    expect(Buffer.concat(answersOf(web, [3, 7])).toString()).toBe(web.toString())
    const negative = Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2])
    expect(Buffer.concat(answersOf(negative, [2]))).toEqual(negative)
  })
})
