/** What is known of the places a broker may come from; a reason says why one cannot, null that it can. */
export interface KafkaFacts {
  /** The value of `KAFKA_BROKERS`. */
  readonly given: string | undefined
  readonly dockerMissing: string | null
  readonly localMissing: string | null
  /** `REQUIRE_KAFKA=1`: a run without a broker has failed. */
  readonly required: boolean
}

export type KafkaChoice =
  | { readonly source: 'given'; readonly brokers: readonly string[] }
  | { readonly source: 'docker' }
  | { readonly source: 'local' }
  | { readonly source: 'none'; readonly reason: string }
  | { readonly source: 'refused'; readonly reason: string }

/** The addresses in a value of `KAFKA_BROKERS`; none when it is not set or holds only commas. */
export function givenBrokers(given: string | undefined): readonly string[] {
  const addresses = (given ?? '').split(',').map((address) => address.trim())
  return addresses.filter((address) => address !== '')
}

/** Where the broker of a test run comes from: the one given, else Docker, else Java, else nowhere. */
export function chooseKafka({ given, dockerMissing, localMissing, required }: KafkaFacts): KafkaChoice {
  const brokers = givenBrokers(given)
  if (brokers.length > 0) return { source: 'given', brokers }
  if (dockerMissing === null) return { source: 'docker' }
  if (localMissing === null) return { source: 'local' }
  const reason = `KAFKA_BROKERS is not set; Docker: ${dockerMissing}; local: ${localMissing}`
  return { source: required ? 'refused' : 'none', reason }
}
