import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AnswerMemory } from '../../../../src/log/kafkajs/answer-memory.ts'
import { SeverableSockets } from '../../../../src/log/kafkajs/severable-sockets.ts'

const server = createServer()

afterEach(() => {
  server.close()
})

describe('the sockets of a client', () => {
  it('are gone when it is closed, and so is what it opens afterwards', async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sockets = new SeverableSockets(new AnswerMemory())
    const open = () => sockets.factory({ host: '127.0.0.1', port, onConnect: () => {} } as never)
    const before = open()
    await once(before, 'connect')
    sockets.release()
    await once(before, 'close')
    // A consumer that starts itself anew does not know that it was closed.
    const [reason] = await once(open(), 'error')
    expect(reason.message).toBe('the client was closed')
  })
})
