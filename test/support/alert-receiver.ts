import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedAlert {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver of alerts on this machine: keeps what came, and answers as it is told. */
export async function openAlertReceiver() {
  const received: ReceivedAlert[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const receiver = {
    received,
    /** Of the nth request, counted from 1. */
    answer: (_nth: number): number => 204,
    /** Of every answer. */
    headers: {} as Record<string, string>,
    url: '',
    /** Resolves once so many requests have come. */
    got: (count: number): Promise<void> =>
      received.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    close: async (): Promise<void> => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  const server = createServer((request, response) => {
    text(request).then((body) => {
      received.push({ headers: request.headers, body })
      response.writeHead(receiver.answer(received.length), receiver.headers).end()
      for (const { count, resolve } of waiting) if (received.length >= count) resolve()
    }, response.destroy)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`
  return receiver
}

export type AlertReceiver = Awaited<ReturnType<typeof openAlertReceiver>>
