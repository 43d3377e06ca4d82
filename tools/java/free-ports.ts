import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/**
 * Picks `count` different free ports of 127.0.0.1.
 *
 * All are held until the last one is chosen, then let go: another process may take one before the
 * broker does, which shows as a broker that ends early.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
