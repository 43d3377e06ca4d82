import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { KAFKA_PLACES } from './kafka-places.ts'
import { type ProvidedKafka, provideKafka } from './kafka-provider.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test file asks for the broker of this run. */
    kafkaDesk: string
  }
}

async function answer(response: ServerResponse, kafka: Promise<ProvidedKafka>): Promise<void> {
  try {
    response.end(JSON.stringify({ brokers: (await kafka).brokers }))
  } catch (error) {
    response.statusCode = 500
    response.end((error as Error).message)
  }
}

/**
 * One broker for the whole test run, started when the first test file asks.
 *
 * Test files run in processes of their own and come and go, so the broker belongs to the process above
 * them, which opens a desk: an address to ask at. A run without broker tests starts nothing.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const report = (line: string): void => {
    process.stderr.write(`kafka: ${line}\n`)
  }
  let kafka: Promise<ProvidedKafka> | null = null
  const desk = createServer((_request, response) => {
    kafka ??= provideKafka(process.env, KAFKA_PLACES, report)
    void answer(response, kafka)
  }).listen(0, '127.0.0.1')
  await once(desk, 'listening')
  project.provide('kafkaDesk', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`)
  return async () => {
    desk.close()
    desk.closeAllConnections()
    // A failed start was told to every test file that asked.
    const started = await kafka?.catch(() => null)
    await started?.stop()
  }
}
