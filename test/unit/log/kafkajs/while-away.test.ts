import { afterEach, describe, expect, it, vi } from 'vitest'
import { whileAway } from '../../../../src/log/kafkajs/while-away.ts'

/** A broker that is asked and says nothing until the time of the request is up. */
function silentBroker() {
  let clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  return (message: string, afterMs: number) => {
    clock += afterMs
    throw Object.assign(new Error(message), { name: 'KafkaJSConnectionClosedError', retriable: true })
  }
}

describe('whileAway', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it('asks a second time where the first took all of its patience: another broker may lead by then', async () => {
    const silent = silentBroker()
    const recovered: string[] = []
    let asked = 0
    const asking = whileAway(
      async () => (++asked === 1 ? silent('no answer', 20_000) : 'answer'),
      async (error) => void recovered.push((error as Error).message),
    )
    expect(await asking).toBe('answer')
    expect(recovered).toEqual(['no answer'])
  })

  it('asks no third time when its patience is over, and rejects with the last error', async () => {
    const silent = silentBroker()
    let asked = 0
    const asking = whileAway(
      async () => silent(`no answer ${++asked}`, 20_000),
      async () => {},
    )
    await expect(asking).rejects.toThrow('no answer 2')
  })

  it('asks on within its patience', async () => {
    const silent = silentBroker()
    let asked = 0
    const asking = whileAway(
      async () => silent(`no answer ${++asked}`, 7_000),
      async () => {},
    )
    await expect(asking).rejects.toThrow('no answer 3')
  })

  it('lets what is no absence through at once', async () => {
    const asking = whileAway(
      async () => {
        throw new Error('a fault of ours')
      },
      async () => {},
    )
    await expect(asking).rejects.toThrow('a fault of ours')
  })
})
