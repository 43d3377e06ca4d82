import RequestQueue from 'kafkajs/src/network/requestQueue/index.js'

const CHECK_MS = 10

/**
 * Mends a timer that never rests in kafkajs 2.2.4.
 *
 * Symptom: every idle connection takes about a thousand turns of the event loop a second, and Node 24 prints
 * `TimeoutNegativeWarning`. Cause: `scheduleCheckPendingRequests` sets a timer also when no request is
 * pending, with the delay `throttledUntil - now`; where no throttling is, `throttledUntil` is -1, the delay
 * is far below zero and means at once, and the check that runs then sets the next timer.
 * Mend: no timer without a pending request, and never a shorter one than the client's own 10 ms.
 * Seen in kafkajs issues 1604, 1704 and 1751.
 */
export function mendIdleTimer(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function schedule(this: RequestQueue): void {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null
        this.checkPendingRequests()
      },
      Math.max(this.throttledUntil - Date.now(), CHECK_MS),
    )
  }
}
