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
  end(): void {}
  unref(): void {}
  write(): void {}
  destroy(error?: Error): void {
    if (error !== undefined) this.emit('error', error)
    this.emit('close')
  }
}

async function connected(): Promise<{ connection: Connection; socket: SilentSocket }> {
  const socket = new SilentSocket()
  const log = { debug: () => {}, warn: () => {}, error: () => {} }
  const connection = new Connection({
    host: 'frozen',
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

describe('mendSilentConnections', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
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
    await expect(first).rejects.toMatchObject({ host: 'frozen', port: 9092 })
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
    const answer = Buffer.alloc(8)
    answer.writeInt32BE(4)
    socket.emit('data', answer)
    await vi.advanceTimersByTimeAsync(HOUR_MS / 60)
    expect(asked.fate).toBe('answered')
    expect(connection.isConnected()).toBe(true)
    connection.requestQueue.destroy()
  })
})
