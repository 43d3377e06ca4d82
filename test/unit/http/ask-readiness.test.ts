import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { Condition } from '../../../src/consumers/condition.ts'
import { askReadiness } from '../../../src/http/ask-readiness.ts'
import { openMonitor } from '../../../src/http/monitor-server.ts'
import { Metrics } from '../../../src/metrics/metrics.ts'

it('hears what the processes say, ready or not, also where they listen everywhere', async () => {
  const condition = new Condition('detector')
  condition.enter('restoring')
  condition.restored(1, 0.5)
  const server = await openMonitor({ host: '127.0.0.1', port: 0 }, new Metrics(), () => [condition])
  const { port } = server
  const told = [{ process: 'detector', state: 'restoring', tasks: 0, restoring: [{ task: 1, share: 0.5 }] }]
  expect(await askReadiness({ host: '127.0.0.1', port })).toEqual(told)
  expect(await askReadiness({ host: '0.0.0.0', port })).toEqual(told)
  await server.close()
  expect(await askReadiness({ host: '127.0.0.1', port })).toBeNull()
})

it('makes nothing of what somebody else answers there', async () => {
  const other = createServer((_request, response) => response.end('{"processes":[{"process":1}]}'))
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  const { port } = other.address() as AddressInfo
  expect(await askReadiness({ host: '127.0.0.1', port })).toBeNull()
  other.closeAllConnections()
  await new Promise((closed) => other.close(closed))
})
