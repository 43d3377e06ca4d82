import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePorts } from '../../../../tools/java/free-ports.ts'

it('picks different ports that can be bound at once', async () => {
  const ports = await freePorts(6)
  expect(new Set(ports).size).toBe(6)
  const servers = ports.map((port) => createServer().listen(port, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  for (const server of servers) server.close()
})
