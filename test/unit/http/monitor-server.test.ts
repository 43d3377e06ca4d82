import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { Condition } from '../../../src/consumers/condition.ts'
import { collectHostMetrics } from '../../../src/http/host-metrics.ts'
import { type MonitorServer, openMonitor } from '../../../src/http/monitor-server.ts'
import { METRICS } from '../../../src/metrics/catalogue.ts'
import { Metrics } from '../../../src/metrics/metrics.ts'

const HOST = '127.0.0.1'
const ends: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  vi.restoreAllMocks()
})

async function open(conditions: readonly Condition[] = [], metrics = new Metrics()) {
  const server: MonitorServer = await openMonitor({ host: HOST, port: 0 }, metrics, () => conditions)
  ends.push(() => server.close())
  return (path: string, init: RequestInit = {}) => fetch(`http://${HOST}:${server.port}${path}`, init)
}

it('tells the metrics in the format that is asked for, those of the host among them', async () => {
  const metrics = new Metrics()
  metrics.add(METRICS.lateEvents, {}, 5)
  ends.push(collectHostMetrics(metrics, '1.2.3'))
  const ask = await open([], metrics)
  const plain = await ask('/metrics')
  expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await plain.text()
  expect(text).toContain('driftstream_late_events_total 5\n')
  expect(text).toContain('driftstream_build_info{version="1.2.3"} 1\n')
  expect(Number(/^process_resident_memory_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(1e6)
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m)
  const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5'
  const standard = await ask('/metrics', { headers: { accept } })
  expect(standard.headers.get('content-type')).toContain('application/openmetrics-text')
  expect((await standard.text()).endsWith('# EOF\n')).toBe(true)
})

it('is ready when every process has its tasks and their state, and says how far each restore is', async () => {
  const [observer, detector] = [new Condition('observer'), new Condition('detector')]
  const ask = await open([observer, detector])
  expect((await ask('/readyz')).status).toBe(503)
  observer.enter('running', 2)
  detector.enter('restoring')
  detector.restored(1, 0.25)
  const waiting = await ask('/readyz')
  expect(waiting.status).toBe(503)
  expect(await waiting.json()).toEqual({
    state: 'not ready',
    processes: [
      { process: 'observer', state: 'running', tasks: 2, restoring: [] },
      { process: 'detector', state: 'restoring', tasks: 0, restoring: [{ task: 1, share: 0.25 }] },
    ],
  })
  detector.enter('running', 1)
  expect((await ask('/readyz')).status).toBe(200)
  // A log that is away makes it unready, and no corpse.
  detector.enter('waiting')
  expect((await ask('/readyz')).status).toBe(503)
  expect((await ask('/healthz')).status).toBe(200)
})

it('is not ready before any process is there', async () => {
  const ask = await open([])
  expect((await ask('/readyz')).status).toBe(503)
  expect((await ask('/healthz')).status).toBe(200)
})

it('is no longer alive when a loop has not turned for a minute', async () => {
  const condition = new Condition('observer')
  condition.turned()
  const ask = await open([condition])
  expect((await ask('/healthz')).status).toBe(200)
  const now = performance.now()
  vi.spyOn(performance, 'now').mockReturnValue(now + 61_000)
  const answer = await ask('/healthz')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ state: 'hanging', processes: [{ stillSeconds: 61 }] })
})

it('answers HEAD without a body, other methods with 405, other paths with 404', async () => {
  const ask = await open()
  const head = await ask('/metrics', { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const post = await ask('/metrics', { method: 'POST', body: 'x' })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect((await ask('/metrics?name=x')).status).toBe(200)
  expect((await ask('/../etc/passwd')).status).toBe(404)
})

it('refuses to start where the port is taken, naming it', async () => {
  const other = createServer().listen(0, HOST)
  await once(other, 'listening')
  ends.push(() => void other.close())
  const { port } = other.address() as AddressInfo
  await expect(openMonitor({ host: HOST, port }, new Metrics(), () => [])).rejects.toMatchObject({
    code: 'METRICS_ADDRESS_UNAVAILABLE',
    message: expect.stringContaining(`port ${port}`),
  })
})
