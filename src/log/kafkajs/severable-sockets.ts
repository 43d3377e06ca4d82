import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ISocketFactory } from 'kafkajs'
import type { AnswerMemory } from './answer-memory.ts'
import { AnswerReader } from './answer-reader.ts'

const KEEP_ALIVE_MS = 60_000
/** Read at once from one connection. */
const READ_BYTES = 131_072

/**
 * The sockets of one client, so that all can be cut at once. The client itself only knows how to wait: for
 * every pending answer of a broker that may be frozen, or for a group that other members hold up. And it
 * loses sockets: requests that are made together while a connection opens each open one of their own, and
 * all but the last are never closed.
 */
export class SeverableSockets {
  readonly #open = new Set<Socket>()
  readonly #memory: AnswerMemory
  #severed = false

  /** @param memory where the answers of connections in the clear are put */
  constructor(memory: AnswerMemory) {
    this.#memory = memory
  }

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
      : connectWhole(host, port, this.#memory, onConnect)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    // Requests are small and answered one by one: collecting bytes into fuller packets only delays them.
    socket.setNoDelay(true)
    this.#open.add(socket)
    socket.once('close', () => this.#open.delete(socket))
    if (this.#severed) cut(socket)
    return socket
  }

  /** Cuts every connection, present and future; pending requests fail. */
  sever(): void {
    this.#severed = true
    for (const socket of this.#open) cut(socket)
  }

  /**
   * Lets go of what is still open after every request has been answered, and of what is opened from now on: a
   * consumer that was starting itself anew when it was told to stop goes on trying otherwise.
   */
  release(): void {
    this.#severed = true
    for (const socket of this.#open) socket.destroy()
  }
}

/** A connection in the clear, whose data comes in whole answers. */
function connectWhole(host: string, port: number, memory: AnswerMemory, onConnect: () => void): Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
  const callback = (count: number) => {
    reader.take(buffer.subarray(0, count))
    return true
  }
  const socket: Socket = connectTcp({ host, port, onread: { buffer, callback } }, onConnect)
  const reader = new AnswerReader(memory, (bytes) => socket.emit('data', bytes))
  return socket
}

function cut(socket: Socket): void {
  socket.destroy(new Error('the client was closed'))
}
