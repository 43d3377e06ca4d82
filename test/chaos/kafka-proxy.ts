import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Numbers of Kafka's protocol, of the requests that scenarios look for. */
export const API = {
  produce: 0,
  fetch: 1,
  offsetFetch: 9,
  heartbeat: 12,
  initProducerId: 22,
  addPartitions: 24,
  addOffsets: 25,
  endTransaction: 26,
  commitOffsets: 28,
} as const

/** One whole request or answer on its way. */
export interface Frame {
  readonly direction: 'request' | 'answer'
  readonly api: number
  /** What the client calls itself. */
  readonly clientId: string
  /** All of it, its length included. */
  readonly bytes: Buffer
}

/** How long a frame that is to come late is held back. */
const LATE_MS = 500

/** Sees every frame before it goes on; `drop` lets it disappear, `cut` the whole connection with it. */
export type Rule = (frame: Frame) => 'pass' | 'late' | 'drop' | 'cut'

/**
 * A proxy before one broker that reads along: it knows who asks what, and can hold back, drop or cut at a
 * chosen request or answer. Clients come back to it because the broker advertises its port (`Detour`).
 */
export class KafkaProxy {
  readonly #server: Server
  readonly #links = new Set<Link>()
  readonly #rules = new Set<Rule>()
  readonly #held = new Set<string>()
  #targetPort = -1

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (client) => this.#accept(client))
  }

  static async listen(): Promise<KafkaProxy> {
    const server = createServer()
    const proxy = new KafkaProxy(server.listen(0, '127.0.0.1'))
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  leadTo(port: number): void {
    this.#targetPort = port
  }

  /** Returns how to take the rule away again. */
  watch(rule: Rule): () => void {
    this.#rules.add(rule)
    return () => this.#rules.delete(rule)
  }

  /** From now on nothing of this client arrives, and nothing reaches it: a network that swallows everything. */
  blackHole(clientId: string): void {
    this.#held.add(clientId)
    for (const link of this.#links) link.update()
  }

  /** What was held flows on, as TCP's repeats would make it. */
  heal(clientId: string): void {
    this.#held.delete(clientId)
    for (const link of this.#links) link.update()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const link of this.#links) link.cut()
    await closed
  }

  #accept(client: Socket): void {
    const broker = connect({ host: '127.0.0.1', port: this.#targetPort })
    const link = new Link(client, broker, {
      pass: (frame) => this.#judge(frame),
      isHeld: (clientId) => this.#held.has(clientId),
    })
    this.#links.add(link)
    client.once('close', () => this.#links.delete(link))
  }

  #judge(frame: Frame): ReturnType<Rule> {
    let verdict: ReturnType<Rule> = 'pass'
    for (const rule of this.#rules) {
      const own = rule(frame)
      if (own !== 'pass') verdict = own
    }
    return verdict
  }
}

interface Judge {
  pass(frame: Frame): ReturnType<Rule>
  isHeld(clientId: string): boolean
}

/** A client's connection and its other half to the broker. Brokers answer in the order of the requests. */
class Link {
  readonly #client: Socket
  readonly #broker: Socket
  readonly #judge: Judge
  /** APIs whose answers are due, by correlation id. */
  readonly #asked = new Map<number, number>()
  #clientId = ''
  /** Frames that wait while the client lies in a black hole. */
  #waiting: { to: Socket; frame: Buffer }[] = []

  constructor(client: Socket, broker: Socket, judge: Judge) {
    this.#client = client
    this.#broker = broker
    this.#judge = judge
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      from.setNoDelay(true)
      from.on('error', () => to.destroy())
      from.once('close', () => to.destroy())
    }
    inFrames(client, (frame) => this.#onRequest(frame))
    inFrames(broker, (frame) => this.#onAnswer(frame))
  }

  cut(): void {
    this.#client.destroy()
    this.#broker.destroy()
  }

  update(): void {
    if (this.#judge.isHeld(this.#clientId)) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const { to, frame } of waiting) to.write(frame)
  }

  #onRequest(frame: Buffer): void {
    const [api, correlationId, length] = [frame.readInt16BE(4), frame.readInt32BE(8), frame.readInt16BE(12)]
    if (length > 0) this.#clientId = frame.toString('utf8', 14, 14 + length)
    this.#asked.set(correlationId, api)
    this.#forward({ direction: 'request', api, clientId: this.#clientId, bytes: frame }, this.#broker)
  }

  #onAnswer(frame: Buffer): void {
    const correlationId = frame.readInt32BE(4)
    const api = this.#asked.get(correlationId) ?? -1
    this.#asked.delete(correlationId)
    this.#forward({ direction: 'answer', api, clientId: this.#clientId, bytes: frame }, this.#client)
  }

  #forward(frame: Frame, to: Socket): void {
    const { bytes } = frame
    const verdict = this.#judge.pass(frame)
    if (verdict === 'cut') this.cut()
    if (verdict === 'late') setTimeout(() => to.write(bytes), LATE_MS)
    if (verdict !== 'pass') return
    if (this.#judge.isHeld(this.#clientId)) this.#waiting.push({ to, frame: bytes })
    else to.write(bytes)
  }
}

/** Cuts a stream into frames: four bytes of length, then so many more. */
function inFrames(socket: Socket, take: (frame: Buffer) => void): void {
  let chunks: Buffer[] = []
  let have = 0
  let need = 4
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    have += chunk.length
    if (have < need) return
    let bytes = Buffer.concat(chunks, have)
    while (bytes.length >= 4) {
      const length = 4 + bytes.readInt32BE(0)
      if (bytes.length < length) break
      take(bytes.subarray(0, length))
      bytes = bytes.subarray(length)
    }
    chunks = [bytes]
    have = bytes.length
    need = have < 4 ? 4 : 4 + bytes.readInt32BE(0)
  })
}
