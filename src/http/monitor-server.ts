import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MonitorOptions } from '../config/options.ts'
import type { Condition } from '../consumers/condition.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { CONTENT_TYPES, exposition } from '../metrics/exposition.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { aliveAnswer, type HealthAnswer, readyAnswer } from './health-answers.ts'

/** Of a request that is read, and of a connection that says nothing. */
const REQUEST_LIMIT_MS = 5_000
const CONNECTIONS_MAX = 64

export interface MonitorServer {
  /** The port it listens on; of interest where 0 was asked for. */
  readonly port: number
  close(): Promise<void>
}

/**
 * Answers GET and HEAD of `/metrics`, `/healthz` and `/readyz`; anything else is 404, or 405. `conditions`
 * is asked at every request, since processes start one after the other.
 * @throws METRICS_ADDRESS_UNAVAILABLE when nothing can listen there
 */
export async function openMonitor(
  { host, port }: MonitorOptions,
  metrics: Metrics,
  conditions: () => readonly Condition[],
): Promise<MonitorServer> {
  const server = createServer(
    {
      requestTimeout: REQUEST_LIMIT_MS,
      headersTimeout: REQUEST_LIMIT_MS,
      keepAliveTimeout: REQUEST_LIMIT_MS,
    },
    (request, response) => answer(request, response, metrics, conditions()),
  )
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(unavailable(host, port, cause)))
    server.listen(port, host, resolve)
  })
  metrics.isServed = true
  // A process that has nothing else to do may end.
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  metrics: Metrics,
  conditions: readonly Condition[],
): void {
  const send = (status: number, type: string, text: string, headers: Record<string, string> = {}) => {
    const length = Buffer.byteLength(text)
    response.writeHead(status, {
      'content-type': type,
      'content-length': length,
      'cache-control': 'no-store',
      ...headers,
    })
    response.end(request.method === 'HEAD' ? undefined : text)
  }
  const sendHealth = ({ isWell, body }: HealthAnswer) =>
    send(isWell ? 200 : 503, 'application/json', `${JSON.stringify(body)}\n`)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(405, 'text/plain', 'GET or HEAD\n', { allow: 'GET, HEAD' })
    return
  }
  const path = (request.url ?? '/').split('?', 1)[0]
  if (path === '/metrics') {
    const wantsStandard = request.headers.accept?.includes('application/openmetrics-text') === true
    const format = wantsStandard ? 'openmetrics' : 'prometheus'
    send(200, CONTENT_TYPES[format], exposition(metrics.families(), format))
  } else if (path === '/healthz') sendHealth(aliveAnswer(conditions))
  else if (path === '/readyz') sendHealth(readyAnswer(conditions))
  else send(404, 'text/plain', '/metrics, /healthz, /readyz\n')
}

function unavailable(host: string, port: number, cause: Error): DriftstreamError {
  return new DriftstreamError(
    'METRICS_ADDRESS_UNAVAILABLE',
    `metrics: expected to listen on ${host}, port ${port}, got: ${cause.message}`,
    { host, port },
    { cause },
  )
}
