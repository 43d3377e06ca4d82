import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { RegisteredSchema } from '../../src/events/framed/schema.ts'

export interface HttpRegistry {
  readonly url: string
  close(): Promise<void>
}

/** Answers for schemas by their ids as a registry does, and over TLS where it is given a key. */
export async function openHttpRegistry(
  schemas: ReadonlyMap<number, RegisteredSchema>,
  tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<HttpRegistry> {
  const answer: RequestListener = ({ url = '' }, response) => {
    const id = /^\/schemas\/ids\/(\d+)/.exec(url)?.[1]
    const schema = id === undefined ? undefined : schemas.get(Number(id))
    const body =
      schema === undefined
        ? { error_code: 40403, message: 'Schema not found' }
        : { schemaType: schema.type, schema: schema.text, references: [] }
    response.writeHead(schema === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
