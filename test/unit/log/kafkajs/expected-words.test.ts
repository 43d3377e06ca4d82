import { KafkaJSProtocolError } from 'kafkajs'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { expect, it } from 'vitest'
import { isExpected } from '../../../../src/log/kafkajs/expected-words.ts'

const wordsOf = (code: number): string => `Connection: Response X: ${createErrorFromCode(code).message}`

// Codes of Kafka's protocol; the client's own words for them, so that another wording would show.
it.each([
  ['COORDINATOR_LOAD_IN_PROGRESS', 14],
  ['COORDINATOR_NOT_AVAILABLE', 15],
  ['NOT_COORDINATOR', 16],
  ['REBALANCE_IN_PROGRESS', 27],
  ['CONCURRENT_TRANSACTIONS', 51],
])('says nothing of %s, which is asked again', (_, code) => {
  expect(createErrorFromCode(code)).toBeInstanceOf(KafkaJSProtocolError)
  expect(createErrorFromCode(code).retriable || code === 27).toBe(true)
  expect(isExpected(wordsOf(code))).toBe(true)
})

it.each([
  ['TOPIC_AUTHORIZATION_FAILED', 29],
  ['INVALID_PRODUCER_EPOCH', 47],
  ['NOT_LEADER_OR_FOLLOWER', 6],
])('passes %s on', (_, code) => {
  expect(isExpected(wordsOf(code))).toBe(false)
})
