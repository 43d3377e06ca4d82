import { type LocalBroker, type LocalKafka, startKafka } from '../../tools/kafka/local-kafka.ts'
import { KafkaProxy, type Rule } from './kafka-proxy.ts'

/** Brokers of our own, each with a proxy in front of it: processes go through the proxies, the checker does not. */
export interface Cluster {
  readonly brokers: 1 | 3
  readonly nodes: readonly LocalBroker[]
  /** `host:port` of the brokers themselves. */
  readonly direct: readonly string[]
  /** `host:port` of the proxies. */
  readonly proxied: readonly string[]
  /** One rule for all proxies; returns how to take it away. */
  watch(rule: Rule): () => void
  blackHole(clientId: string): void
  heal(clientId: string): void
  stop(): Promise<void>
}

export async function startCluster(
  brokers: 1 | 3,
  report: (line: string) => void = () => {},
): Promise<Cluster> {
  const proxies = await Promise.all(Array.from({ length: brokers }, () => KafkaProxy.listen()))
  const closeProxies = () => Promise.all(proxies.map((proxy) => proxy.close()))
  let kafka: LocalKafka
  try {
    const detours = proxies.map(({ port }) => port)
    kafka = await startKafka({ brokers, detours, report, readyTimeoutMs: 120_000 })
  } catch (error) {
    await closeProxies()
    throw error
  }
  for (const [index, node] of kafka.nodes.entries()) proxies[index]!.leadTo(node.detourPort!)
  return {
    brokers,
    nodes: kafka.nodes,
    direct: kafka.brokers,
    proxied: proxies.map(({ port }) => `127.0.0.1:${port}`),
    watch(rule) {
      const ends = proxies.map((proxy) => proxy.watch(rule))
      return () => {
        for (const end of ends) end()
      }
    },
    blackHole: (clientId) => {
      for (const proxy of proxies) proxy.blackHole(clientId)
    },
    heal: (clientId) => {
      for (const proxy of proxies) proxy.heal(clientId)
    },
    async stop() {
      await closeProxies()
      await kafka.stop()
    },
  }
}
