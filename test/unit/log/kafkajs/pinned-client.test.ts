import { afterEach, describe, expect, it, vi } from 'vitest'
import { CLIENT_VERSION, expectPinnedClient } from '../../../../src/log/kafkajs/pinned-client.ts'

describe('expectPinnedClient', () => {
  afterEach(() => {
    vi.doUnmock('kafkajs/package.json')
    vi.resetModules()
  })

  it('takes the installed client, and no other version', () => {
    expect(() => expectPinnedClient()).not.toThrow()
    expect(CLIENT_VERSION).toBe('2.2.4')
    expect(() => expectPinnedClient('2.2.5')).toThrow(
      expect.objectContaining({ code: 'CLIENT_UNSUPPORTED', message: 'expected kafkajs 2.2.4, found 2.2.5' }),
    )
  })

  it('lets nobody import the adapter with another client', async () => {
    vi.resetModules()
    vi.doMock('kafkajs/package.json', () => ({ default: { version: '2.3.1' } }))
    await expect(import('../../../../src/log/kafkajs/kafkajs-log.ts')).rejects.toMatchObject({
      code: 'CLIENT_UNSUPPORTED',
    })
  })
})
