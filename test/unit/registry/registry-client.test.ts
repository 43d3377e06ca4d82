import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  openRegistryClient,
  type RegistryAccess,
  type RegistryClient,
} from '../../../src/registry/registry-client.ts'
import { type Certificates, makeCertificates } from '../../support/certificates.ts'
import { schemasOf } from '../../support/fake-registry.ts'
import { openHttpRegistry } from '../../support/http-registry.ts'

const open: { server: Server; client: RegistryClient }[] = []

type Answers = (request: IncomingMessage) => { status: number; body: unknown } | null

async function serve(answers: Answers, access: Partial<RegistryAccess> = {}) {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = answers(request)
    if (answer === null) return
    response.writeHead(answer.status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/apis/ccompat/v7/`
  const client = openRegistryClient({ url, login: null, requestTimeLimitMs: 2_000, ...access })
  open.push({ server, client })
  return client
}

const NONE = { status: 404, body: { error_code: 40403, message: 'Schema not found' } }

afterEach(async () => {
  for (const { server, client } of open.splice(0)) {
    client.close()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
})

describe('openRegistryClient', () => {
  it('asks by id below the path of the address, and takes what names no type for Avro', async () => {
    const paths: (string | undefined)[] = []
    const client = await serve(({ url }) => {
      paths.push(url)
      return { status: 200, body: { schema: '"string"' } }
    })
    expect(await client.fetch(7)).toEqual({ type: 'AVRO', text: '"string"', references: [] })
    expect(paths).toEqual(['/apis/ccompat/v7/schemas/ids/7'])
  })

  it('brings what a schema refers to, each once and after what it refers to itself', async () => {
    const reference = (name: string) => ({ name: `${name}.proto`, subject: `${name}/x`, version: 1 })
    const bodies: Record<string, unknown> = {
      '/schemas/ids/1': { schemaType: 'PROTOBUF', schema: 'a', references: [reference('b'), reference('c')] },
      '/subjects/b%2Fx/versions/1': { schema: 'b', references: [reference('c')] },
      '/subjects/c%2Fx/versions/1': { schema: 'c' },
    }
    const client = await serve(({ url }) => ({
      status: 200,
      body: bodies[url!.replace('/apis/ccompat/v7', '')],
    }))
    expect(await client.fetch(1)).toEqual({
      type: 'PROTOBUF',
      text: 'a',
      references: [
        { name: 'c.proto', text: 'c' },
        { name: 'b.proto', text: 'b' },
      ],
    })
  })

  it('has null for an id that a registry does not have', async () => {
    const client = await serve(({ url }) => (url!.endsWith('/subjects') ? { status: 200, body: [] } : NONE))
    expect(await client.fetch(9)).toBeNull()
  })

  it('takes an address where nothing is found for no registry', async () => {
    const client = await serve(() => ({ status: 404, body: { message: 'HTTP 404 Not Found' } }))
    await expect(client.fetch(9)).rejects.toThrow('no schema registry answers at')
  })

  const wrong: readonly (readonly [string, Answers, string])[] = [
    ['a page for people', () => ({ status: 200, body: '<html>' }), 'something that is no schema'],
    ['a refusal', () => ({ status: 401, body: { message: 'Unauthorized' } }), 'Unauthorized'],
    ['a fault of its own', () => ({ status: 500, body: { message: 'boom' } }), 'boom'],
    ['nothing in time', () => null, 'Timeout'],
  ]
  it.each(wrong)(
    'rejects with the reason where the registry answers with %s',
    async (_what, answers, reason) => {
      const client = await serve(answers, { requestTimeLimitMs: 100 })
      await expect(client.fetch(9)).rejects.toThrow(reason)
    },
  )

  it('rejects where nobody listens', async () => {
    const client = openRegistryClient({ url: 'http://127.0.0.1:1', login: null, requestTimeLimitMs: 500 })
    await expect(client.fetch(1)).rejects.toThrow(/^connect ECONNREFUSED/)
    client.close()
  })

  it('asks over TLS a registry that an authority of ours vouches for, and no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'driftstream-test-'))
    const [own, other] = ['own', 'other'].map((name) => join(folder, name)) as [string, string]
    await Promise.all([own, other].map((each) => mkdir(each)))
    const [{ ca, broker }, stranger] = (await Promise.all([own, other].map(makeCertificates))) as [
      Certificates,
      Certificates,
    ]
    const pem = await readFile(broker)
    const registry = await openHttpRegistry(schemasOf('AVRO'), { key: pem, cert: pem })
    const ask = async (access: Partial<RegistryAccess>) => {
      const client = openRegistryClient({
        url: registry.url,
        login: null,
        requestTimeLimitMs: 5_000,
        ...access,
      })
      try {
        return await client.fetch(1)
      } finally {
        client.close()
      }
    }
    try {
      expect(await ask({ ca: await readFile(ca, 'utf8') })).toEqual(schemasOf('AVRO').get(1))
      const refusal = /^the certificate of the registry is refused: .*caFile/
      await expect(ask({ ca: await readFile(stranger.ca, 'utf8') })).rejects.toThrow(refusal)
      await expect(ask({})).rejects.toThrow(refusal)
    } finally {
      await registry.close()
      await rm(folder, { recursive: true, force: true })
    }
  }, 30_000)

  it('logs in with a name and a password, or with a token that is asked for each time', async () => {
    const seen: (string | undefined)[] = []
    const answers: Answers = ({ headers }) => {
      seen.push(headers.authorization)
      return { status: 200, body: { schema: '"int"' } }
    }
    const login = { username: 'ann', password: 'secret' }
    await (await serve(answers, { login })).fetch(1)
    let tokens = 0
    const client = await serve(answers, { login: { token: async () => `t${++tokens}` } })
    await client.fetch(1)
    await client.fetch(2)
    const basic = `Basic ${Buffer.from('ann:secret').toString('base64')}`
    expect(seen).toEqual([basic, 'Bearer t1', 'Bearer t2'])
  })
})
