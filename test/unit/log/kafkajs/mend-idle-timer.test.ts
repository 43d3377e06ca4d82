import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mendIdleTimer } from '../../../../src/log/kafkajs/mend-idle-timer.ts'

const published = RequestQueue.prototype.scheduleCheckPendingRequests

function newQueue(maxInFlightRequests: number | null = null): RequestQueue {
  const logger = { debug: () => {}, warn: () => {} }
  return new RequestQueue({ maxInFlightRequests, requestTimeout: 1_000, clientId: 'c', broker: 'b', logger })
}

describe('mendIdleTimer', () => {
  afterEach(() => {
    vi.useRealTimers()
    RequestQueue.prototype.scheduleCheckPendingRequests = published
  })

  it('is needed: as published, an idle queue sets a timer, with a delay long past', () => {
    const setTimer = vi.spyOn(globalThis, 'setTimeout').mockReturnValue(1 as never)
    const queue = newQueue()
    queue.checkPendingRequests()
    expect(queue.throttleCheckTimeoutId).not.toBeNull()
    expect(setTimer.mock.calls[0]![1]).toBeLessThan(0)
    queue.destroy()
    setTimer.mockRestore()
  })

  it('leaves an idle queue without a timer', () => {
    mendIdleTimer()
    const queue = newQueue()
    queue.checkPendingRequests()
    expect(queue.throttleCheckTimeoutId).toBeNull()
  })

  it('still sends what was held back when the broker asked for silence', () => {
    vi.useFakeTimers()
    mendIdleTimer()
    const queue = newQueue()
    queue.maybeThrottle(200)
    const sendRequest = vi.fn()
    queue.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest })
    vi.advanceTimersByTime(199)
    expect(sendRequest).not.toHaveBeenCalled()
    vi.advanceTimersByTime(20)
    expect(sendRequest).toHaveBeenCalledTimes(1)
    expect(queue.throttleCheckTimeoutId).toBeNull()
  })
})
