import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands before a registry: notes who is asked for and when, and can be shut, so that connections are refused. */
export class RegistryGate {
  readonly asked: { readonly id: string; readonly at: number; readonly status: number }[] = []
  readonly #target: string
  #server: Server
  #port = 0

  private constructor(target: string) {
    this.#target = target
    this.#server = createServer()
  }

  static async open(target: string): Promise<RegistryGate> {
    const gate = new RegistryGate(target)
    await gate.reopen()
    return gate
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async shut(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** On the port it had. */
  async reopen(): Promise<void> {
    this.#server = createServer((request, response) => void this.#pass(request, response))
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  async #pass({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now()
    try {
      const answer = await fetch(`${this.#target}${url}`)
      const id = /^\/schemas\/ids\/(\d+)/.exec(url)?.[1]
      if (id !== undefined) this.asked.push({ id, at, status: answer.status })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    } catch (error) {
      response.writeHead(502)
      response.end(String(error))
    }
  }
}
