import Broker from 'kafkajs/src/broker/index.js'
import { describe, expect, it } from 'vitest'
import { DriftstreamError } from '../../../../src/errors/driftstream-error.ts'
import { isAway, isFenced, isRebalance, translate } from '../../../../src/log/kafkajs/client-errors.ts'

const protocol = (type: string, retriable = false) =>
  Object.assign(new Error(`the broker says ${type}`), { name: 'KafkaJSProtocolError', type, retriable })
const wrapped = (cause: Error) =>
  Object.assign(new Error('retries exceeded', { cause }), {
    name: 'KafkaJSNumberOfRetriesExceeded',
    retriable: false,
  })

describe('translate', () => {
  it.each([
    [protocol('INVALID_PRODUCER_EPOCH'), 'PRODUCER_FENCED'],
    [wrapped(protocol('PRODUCER_FENCED')), 'PRODUCER_FENCED'],
    [protocol('UNKNOWN_TOPIC_OR_PARTITION', true), 'TOPIC_MISSING'],
    [protocol('MESSAGE_TOO_LARGE'), 'EVENT_TOO_LARGE'],
    [wrapped(protocol('NOT_ENOUGH_REPLICAS', true)), 'LOG_UNAVAILABLE'],
    [protocol('CONCURRENT_TRANSACTIONS'), 'LOG_UNAVAILABLE'],
    [wrapped(Object.assign(new Error('refused'), { name: 'KafkaJSConnectionError' })), 'LOG_UNAVAILABLE'],
    [protocol('GROUP_AUTHORIZATION_FAILED'), 'STATE_IMPOSSIBLE'],
    [new TypeError('of our own making'), 'STATE_IMPOSSIBLE'],
  ])('%s becomes %s', (cause, code) => {
    const error = translate(cause, 'testing', { topic: 't' })
    expect(error).toMatchObject({ code, context: { topic: 't' }, cause })
    expect(error.message).toMatch(/^while testing: /)
  })

  it('says what the broker said, not that it was asked often', () => {
    expect(translate(wrapped(protocol('NOT_ENOUGH_REPLICAS', true)), 'sending').message).toBe(
      'while sending: NOT_ENOUGH_REPLICAS: the broker says NOT_ENOUGH_REPLICAS',
    )
  })

  it('passes our own errors through', () => {
    const own = new DriftstreamError('SEND_UNCONFIRMED', 'no')
    expect(translate(own, 'sending')).toBe(own)
  })

  it('takes a broker that accepts connections and says nothing for one that is away', async () => {
    // As it stands after a frozen broker's kernel has taken the connection: nothing is known of its versions.
    const connectionPool = { host: '127.0.0.1', port: 1, isConnected: () => true }
    const broker = new Broker({ connectionPool, logger: { namespace: () => ({}) } })
    const silence = await broker.listOffsets({ topics: [] }).catch((error: unknown) => error)
    expect(silence).toMatchObject({ name: 'Error' })
    expect(translate(silence, 'asking').code).toBe('LOG_UNAVAILABLE')
  })

  it('does not follow a cause in circles', () => {
    const error = protocol('SOMETHING')
    error.cause = error
    expect(translate(error, 'testing').code).toBe('STATE_IMPOSSIBLE')
  })
})

describe('what an error means', () => {
  it('tells rebalance, fencing and absence apart', () => {
    const rebalance = protocol('REBALANCE_IN_PROGRESS')
    const fenced = protocol('INVALID_PRODUCER_EPOCH')
    const away = Object.assign(new Error('closed'), { name: 'KafkaJSConnectionClosedError' })
    expect([rebalance, fenced, away].map(isRebalance)).toEqual([true, false, false])
    expect([rebalance, fenced, away].map(isFenced)).toEqual([false, true, false])
    expect([rebalance, fenced, away].map(isAway)).toEqual([false, false, true])
  })
})
