/** The parts of kafkajs 2.2.4 that tests compare ours with, typed as far as they are used. */

declare module 'kafkajs/src/protocol/decoder.js' {
  export default class Decoder {
    constructor(buffer: Buffer)
  }
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {}
}

declare module 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js' {
  import type { KafkaMessage } from 'kafkajs'
  import type Decoder from 'kafkajs/src/protocol/decoder.js'

  /** Reads a length and so many bytes of record batches. */
  export default function decodeMessages(decoder: Decoder): Promise<KafkaMessage[]>
}

declare module 'kafkajs/src/consumer/filterAbortedMessages.js' {
  interface Message {
    readonly offset: string
    readonly key: Buffer | null
    readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean }
  }

  export default function filterAbortedMessages(share: {
    readonly messages: readonly Message[]
    readonly abortedTransactions: readonly { readonly producerId: string; readonly firstOffset: string }[]
  }): Message[]
}

declare module 'kafkajs/src/retry/index.js' {
  export type Retrier = <T>(attempt: () => Promise<T>) => Promise<T>
  export default function createRetry(options: {
    readonly retries: number
    readonly initialRetryTime: number
  }): Retrier
}

declare module 'kafkajs/src/producer/sendMessages.js' {
  import type { Message, RecordMetadata } from 'kafkajs'
  import type { Retrier } from 'kafkajs/src/retry/index.js'

  interface Parts {
    readonly logger: object
    readonly cluster: object
    readonly partitioner: (of: { readonly message: Message }) => number
    readonly eosManager: object
    readonly retrier: Retrier
  }

  interface Sent {
    readonly acks: number
    readonly topicMessages: readonly { readonly topic: string; readonly messages: readonly Message[] }[]
  }

  export default function createSendMessages(parts: Parts): (sent: Sent) => Promise<RecordMetadata[]>
}

declare module 'kafkajs/src/protocol/error.js' {
  import type { KafkaJSProtocolError } from 'kafkajs'

  export function createErrorFromCode(code: number): KafkaJSProtocolError
}

declare module 'kafkajs/src/broker/index.js' {
  export default class Broker {
    constructor(options: {
      connectionPool: { host: string; port: number; isConnected(): boolean }
      logger: { namespace(name: string): object }
    })
    listOffsets(request: { topics: readonly never[] }): Promise<unknown>
  }
}
