import { EventEmitter } from 'node:events'
import Connection from 'kafkajs/src/network/connection.js'
import Encoder from 'kafkajs/src/protocol/encoder.js'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mendSilentConnections } from '../../../../src/log/kafkajs/mend-silent-connections.ts'

const published = Connection.prototype.connect
const REQUEST_TIMEOUT_MS = 10_000
const HOUR_MS = 3_600_000

/** A connection to a broker whose kernel takes everything and which answers nothing. */
class SilentSocket extends EventEmitter {
  destroyed = false
  end(): void {}
  unref(): void {}
  write(): void {}
  destroy(error?: Error): void {
    this.destroyed = true
    if (error !== undefined) this.emit('error', error)
    this.emit('close')
  }
}

let brokers = 0

/** To a broker of its own, unless one is named. */
async function connected(
  host = `frozen-${brokers++}`,
): Promise<{ connection: Connection; socket: SilentSocket }> {
  const socket = new SilentSocket()
  const log = { debug: () => {}, warn: () => {}, error: () => {} }
  const connection = new Connection({
    host,
    port: 9092,
    logger: { namespace: () => log },
    connectionTimeout: 1_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    socketFactory: ({ onConnect }) => {
      queueMicrotask(onConnect)
      return socket
    },
  })
  await connection.connect()
  return { connection, socket }
}

/** What becomes of a promise: its error's name, `answered`, or `waits`. */
function fateOf(promise: Promise<unknown>): { fate: string } {
  const seen = { fate: 'waits' }
  promise.then(
    () => {
      seen.fate = 'answered'
    },
    (error: Error) => {
      seen.fate = error.name
    },
  )
  return seen
}

const asking = (apiKey: number, apiName: string) => ({
  request: { apiKey, apiName, apiVersion: 0, encode: async () => new Encoder() },
  response: { decode: async () => ({}), parse: async () => ({}) },
})
const request = asking(3, 'Metadata')

/** Nothing but its length and the number of the request, which count from 0. */
function answerTo(correlationId: number): Buffer {
  const answer = Buffer.alloc(8)
  answer.writeInt32BE(4)
  answer.writeInt32BE(correlationId, 4)
  return answer
}

describe('mendSilentConnections', () => {
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
    })
  })

  afterEach(() => {
    vi.useRealTimers()
    Connection.prototype.connect = published
  })

  it('is needed: as published, a request whose time is up leaves its connection to the next one', async () => {
    const { connection } = await connected()
    const asked = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS + 300)
    expect(asked.fate).toBe('KafkaJSRequestTimeoutError')
    expect(connection.isConnected()).toBe(true)
    connection.requestQueue.destroy()
  })

  it('is needed: as published, a clock that is set forward ends what was asked just now', async () => {
    const { connection } = await connected()
    const asked = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(100)
    vi.setSystemTime(Date.now() + HOUR_MS)
    await vi.advanceTimersByTimeAsync(200)
    expect(asked.fate).toBe('KafkaJSRequestTimeoutError')
    connection.requestQueue.destroy()
  })

  /** What becomes of requests that are being made, some steps each, when a connection is lost. */
  async function askedInTheEnd(): Promise<string[]> {
    const fates: { fate: string }[] = []
    for (let steps = 0; steps < 20; steps++) {
      const { connection, socket } = await connected()
      fates.push(fateOf(connection.send(request)))
      for (let step = 0; step < steps; step++) await null
      socket.destroy(new Error('reset'))
    }
    await vi.advanceTimersByTimeAsync(HOUR_MS / 60)
    return fates.map(({ fate }) => fate)
  }

  it('is needed: as published, who asks in the moment in which a connection is lost waits for ever', async () => {
    expect(await askedInTheEnd()).toContain('waits')
  })

  it('answers all who ask while a connection is being lost', async () => {
    mendSilentConnections()
    expect(await askedInTheEnd()).not.toContain('waits')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends what was under way when a connection is closed, at the latest when its time is up', async () => {
    mendSilentConnections()
    const { connection } = await connected()
    const asked = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(10)
    const ended = fateOf(connection.disconnect())
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS)
    expect([asked.fate, ended.fate]).toEqual(['waits', 'waits'])
    await vi.advanceTimersByTimeAsync(300)
    expect([asked.fate, ended.fate]).toEqual(['KafkaJSConnectionClosedError', 'answered'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('cuts a connection on which the time of a request is up, and tells all that wait on it', async () => {
    mendSilentConnections()
    const { connection, socket } = await connected()
    const closed = vi.fn()
    socket.once('close', closed)
    const first = connection.send(request)
    const asked = fateOf(first)
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS / 2)
    const later = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS / 2 + 300)
    expect([asked.fate, later.fate]).toEqual(['KafkaJSConnectionClosedError', 'KafkaJSConnectionClosedError'])
    // By these the client finds the broker that it is to forget.
    await expect(first).rejects.toMatchObject({ host: connection.host, port: 9092 })
    expect(closed).toHaveBeenCalledTimes(1)
    expect(connection.isConnected()).toBe(false)
  })

  it('calls a broker that says nothing to its greeting not connected: the client then tries another', async () => {
    mendSilentConnections()
    const { connection } = await connected()
    const asked = fateOf(connection.send(asking(18, 'ApiVersions')))
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS / 2 + 300)
    expect(asked.fate).toBe('KafkaJSConnectionError')
    expect(connection.isConnected()).toBe(false)
  })

  it('lets all of a process avoid that broker for ten seconds, as if nobody listened there', async () => {
    mendSilentConnections()
    const one = await connected()
    const other = await connected(one.connection.host)
    const elsewhere = await connected()
    const asked = fateOf(one.connection.send(request))
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS)
    const askedThere = fateOf(other.connection.send(request))
    await vi.advanceTimersByTimeAsync(300)
    expect([asked.fate, askedThere.fate]).toEqual([
      'KafkaJSConnectionClosedError',
      'KafkaJSConnectionClosedError',
    ])
    expect([other, elsewhere].map(({ connection }) => connection.isConnected())).toEqual([false, true])
    await expect(other.connection.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await vi.advanceTimersByTimeAsync(10_000)
    await expect(other.connection.connect()).resolves.toBe(true)
    for (const { connection } of [other, elsewhere]) connection.requestQueue.destroy()
  })

  it('makes a member whose heartbeat meets silence look for its coordinator', async () => {
    mendSilentConnections()
    const { connection } = await connected()
    const beating = expect(connection.send(asking(12, 'Heartbeat'))).rejects.toMatchObject({
      type: 'NOT_COORDINATOR_FOR_GROUP',
    })
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS + 300)
    await beating
    expect(connection.isConnected()).toBe(false)
  })

  it('gives a request its time from when it is the first in line: a join before it may take long', async () => {
    mendSilentConnections()
    const { connection, socket } = await connected()
    const joining = fateOf(connection.send({ ...asking(11, 'JoinGroup'), requestTimeout: 60_000 }))
    await vi.advanceTimersByTimeAsync(100)
    const asked = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(50_000)
    expect([joining.fate, asked.fate]).toEqual(['waits', 'waits'])
    socket.emit('data', answerTo(0))
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS)
    expect([joining.fate, asked.fate]).toEqual(['answered', 'waits'])
    await vi.advanceTimersByTimeAsync(300)
    expect(asked.fate).toBe('KafkaJSConnectionClosedError')
  })

  it('lets a clock that jumps end nothing', async () => {
    mendSilentConnections()
    const { connection } = await connected()
    const asked = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(200)
    vi.setSystemTime(Date.now() + HOUR_MS)
    await vi.advanceTimersByTimeAsync(200)
    expect(asked.fate).toBe('waits')
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS)
    expect(asked.fate).toBe('KafkaJSConnectionClosedError')
  })

  it('lets an answered request be, and a connection on which nothing is asked', async () => {
    mendSilentConnections()
    const { connection, socket } = await connected()
    const asked = fateOf(connection.send(request))
    await vi.advanceTimersByTimeAsync(REQUEST_TIMEOUT_MS / 2)
    socket.emit('data', answerTo(0))
    await vi.advanceTimersByTimeAsync(HOUR_MS / 60)
    expect(asked.fate).toBe('answered')
    expect(connection.isConnected()).toBe(true)
    connection.requestQueue.destroy()
  })
})
