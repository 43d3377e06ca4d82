import { describe, expect, it } from 'vitest'
import { chooseKafka, type KafkaFacts } from '../../support/kafka-choice.ts'

const NOTHING: KafkaFacts = {
  given: undefined,
  dockerMissing: 'no engine answers',
  localMissing: 'no java was found',
  required: false,
}

describe('where the broker of a test run comes from', () => {
  it('is the address given, before everything else', () => {
    const facts = { ...NOTHING, given: 'a:9092, b:9092,', dockerMissing: null, localMissing: null }
    expect(chooseKafka(facts)).toEqual({ source: 'given', brokers: ['a:9092', 'b:9092'] })
  })

  it.each(['', ' ', ','])('is not an address given as %j', (given) => {
    expect(chooseKafka({ ...NOTHING, given, localMissing: null })).toEqual({ source: 'local' })
  })

  it('is a container before the local broker', () => {
    expect(chooseKafka({ ...NOTHING, dockerMissing: null, localMissing: null })).toEqual({ source: 'docker' })
  })

  it('is the local broker where no engine answers', () => {
    expect(chooseKafka({ ...NOTHING, localMissing: null })).toEqual({ source: 'local' })
  })

  it('is nowhere, with every reason, when all is missing', () => {
    const reason = 'KAFKA_BROKERS is not set; Docker: no engine answers; local: no java was found'
    expect(chooseKafka(NOTHING)).toEqual({ source: 'none', reason })
    expect(chooseKafka({ ...NOTHING, required: true })).toEqual({ source: 'refused', reason })
  })

  it('does not fail a run that requires a broker and has one', () => {
    expect(chooseKafka({ ...NOTHING, localMissing: null, required: true })).toEqual({ source: 'local' })
  })
})
