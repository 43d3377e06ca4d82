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

  export interface SentRequest {
    readonly entry: { readonly apiName: string }
    /** ms */
    readonly requestTimeout: number
    rejected(error: Error): void
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
    /** Requests that were sent and not answered, by correlation id. */
    readonly inflight: Map<number, SentRequest>
    scheduleRequestTimeoutCheck(): void
    rejectAll(error: Error): void
    destroy(): void
  }
}

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net'
  import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js'

  export default class Connection {
    constructor(options: {
      readonly host: string
      readonly port: number
      readonly logger: object
      /** ms */
      readonly connectionTimeout: number
      /** ms */
      readonly requestTimeout: number
      readonly socketFactory: (wanted: { readonly onConnect: () => void }) => object
    })
    readonly host: string
    readonly port: number
    send(asked: {
      readonly request: object
      readonly response: object
      readonly requestTimeout?: number
    }): Promise<unknown>
    /** Absent before the first connect. */
    readonly socket: Socket | undefined
    readonly requestQueue: RequestQueue
    isConnected(): boolean
    connect(): Promise<unknown>
    disconnect(): Promise<unknown>
    /** Pieces of an answer that is not whole yet. */
    chunks: Buffer[]
    readonly bytesBuffered: number
    processData(bytes: Buffer): unknown
  }
}

declare module 'kafkajs/src/errors.js' {
  const errors: {
    readonly KafkaJSSASLAuthenticationError: new (message: string) => Error
    readonly KafkaJSConnectionError: new (
      message: string,
      of: { readonly broker: string; readonly code: string },
    ) => Error
    readonly KafkaJSConnectionClosedError: new (
      message: string,
      broker: { readonly host: string; readonly port: number },
    ) => Error
  }
  export default errors
}

declare module 'kafkajs/src/protocol/error.js' {
  export function createErrorFromCode(code: number): Error
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/request.js' {
  interface FetchRequest {
    /** -1 for a consumer. */
    readonly replicaId: number
    /** 1 for committed records alone. */
    readonly isolationLevel: number
    readonly maxWaitTime: number
    readonly minBytes: number
    readonly maxBytes: number
    readonly topics: readonly {
      readonly topic: string
      readonly partitions: readonly {
        readonly partition: number
        readonly fetchOffset: number
        readonly maxBytes: number
      }[]
    }[]
  }

  export default function encode(request: FetchRequest): object
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response.js' {
  interface AnsweredPartition {
    readonly partition: number
    readonly errorCode: number
  }

  interface FetchAnswer {
    readonly responses: readonly {
      readonly topicName: string
      readonly partitions: readonly AnsweredPartition[]
    }[]
  }

  const response: {
    /** Throws what a partition's error code stands for. */
    parse(answer: FetchAnswer): Promise<FetchAnswer>
  }
  export default response
}
