import { afterEach, describe, expect, it, vi } from 'vitest'
import { KafkaClient } from '../../../../src/log/kafkajs/kafka-client.ts'

describe('KafkaClient', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('has closed within seconds of its cut, also where the goodbye never ends', async () => {
    vi.useFakeTimers()
    const client = new KafkaClient({
      brokers: ['127.0.0.1:1'],
      clientId: 'test',
      connectTimeoutMs: 1_000,
      security: { tls: null, login: null },
      onClientLog: () => {},
    })
    let isClosed = false
    const closing = client.close({ disconnect: () => new Promise<void>(() => {}) }).then(() => {
      isClosed = true
    })
    await vi.advanceTimersByTimeAsync(7_900)
    expect(isClosed).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    expect(isClosed).toBe(true)
    await closing
  })
})
