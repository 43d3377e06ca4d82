/**
 * The parts of kafkajs 2.2.4 that are reached behind its index, typed as far as they are used here. The
 * package has no `exports` map, and the version is pinned: these shapes hold for that version alone.
 */

declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface RequestQueueOptions {
    readonly maxInFlightRequests: number | null
    readonly requestTimeout: number
    readonly clientId: string
    readonly broker: string
    readonly logger: { debug(text: string): void; warn(text: string): void }
  }

  interface PushedRequest {
    readonly entry: { readonly correlationId: number }
    readonly expectResponse: boolean
    sendRequest(): void
  }

  export default class RequestQueue {
    constructor(options: RequestQueueOptions)
    readonly pending: readonly unknown[]
    /** Epoch ms until which the broker asked for silence; -1 when it never did. */
    readonly throttledUntil: number
    throttleCheckTimeoutId: NodeJS.Timeout | null
    push(request: PushedRequest): void
    maybeThrottle(durationMs: number): void
    checkPendingRequests(): void
    scheduleCheckPendingRequests(): void
    destroy(): void
  }
}

declare module 'kafkajs/src/consumer/batch.js' {
  import type { KafkaMessage } from 'kafkajs'

  export interface FetchedPartition {
    readonly partition: number
    readonly highWatermark: string
    readonly lastStableOffset: string
    readonly messages: readonly KafkaMessage[]
  }

  /** One partition's share of a fetch, control records and aborted transactions filtered out. */
  export default class Batch {
    constructor(topic: string, fetchedOffset: string, data: FetchedPartition)
    readonly fetchedOffset: string
    readonly highWatermark: string
    readonly rawMessages: readonly KafkaMessage[]
    readonly messages: readonly KafkaMessage[]
    /** Counts what was filtered out. */
    lastOffset(): string
  }
}
