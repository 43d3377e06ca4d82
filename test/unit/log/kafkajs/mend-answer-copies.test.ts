import Connection from 'kafkajs/src/network/connection.js'
import { afterEach, describe, expect, it } from 'vitest'
import { mendAnswerCopies } from '../../../../src/log/kafkajs/mend-answer-copies.ts'

const published = Connection.prototype.processData

/** A connection as far as it handles bytes, and the payloads that it found in them. */
function newConnection() {
  const payloads: Buffer[] = []
  const connection = Object.assign(Object.create(Connection.prototype), {
    chunks: [],
    bytesBuffered: 0,
    bytesNeeded: 4,
    authHandlers: null,
    requestQueue: { fulfillRequest: ({ payload }: { payload: Buffer }) => payloads.push(payload) },
  }) as Connection
  return { connection, payloads }
}

/** Length, correlation id, payload. */
function answer(payload: string): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(4 + payload.length)
  return Buffer.concat([head, Buffer.from(payload)])
}

describe('mendAnswerCopies', () => {
  afterEach(() => {
    Connection.prototype.processData = published
  })

  it('is needed: as published, the second whole answer is copied', () => {
    const { connection, payloads } = newConnection()
    connection.processData(answer('first'))
    const second = answer('second')
    connection.processData(second)
    second.fill('x', 8)
    expect(payloads.map(String)).toEqual(['first', 'second'])
  })

  it('hands every whole answer on as it lies there', () => {
    mendAnswerCopies()
    const { connection, payloads } = newConnection()
    connection.processData(answer('first'))
    const second = answer('second')
    connection.processData(second)
    second.fill('x', 8)
    expect(payloads.map(String)).toEqual(['first', 'xxxxxx'])
  })

  it('still joins an answer that comes in pieces, and finds two in one piece', () => {
    mendAnswerCopies()
    const { connection, payloads } = newConnection()
    const bytes = Buffer.concat([answer('one'), answer('two'), answer('three')])
    for (let at = 0; at < bytes.length; at += 20) connection.processData(bytes.subarray(at, at + 20))
    expect(payloads.map(String)).toEqual(['one', 'two', 'three'])
  })
})
