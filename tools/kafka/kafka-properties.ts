/** One node of a local cluster, broker and controller in one; both ports on 127.0.0.1. */
export interface NodePorts {
  readonly nodeId: number
  readonly port: number
  readonly controllerPort: number
  /** A second listener for clients that log in or encrypt; the first one stays as it is. */
  readonly secure?: { readonly port: number; readonly protocol: SecureProtocol }
  /** A second way to the broker, absent: none. */
  readonly detour?: Detour
}

/** The broker listens at `port` and tells who comes there to come back at `advertisedPort`: through a proxy. */
export interface Detour {
  readonly port: number
  readonly advertisedPort: number
}

export type SecureProtocol = 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL'

/** Replication of everything in a cluster of `brokers` nodes: all of them, and one may be away. */
function replication(brokers: number): { factor: number; minInSync: number } {
  return { factor: Math.min(3, brokers), minInSync: brokers >= 3 ? 2 : 1 }
}

/**
 * The `server.properties` of one node of a local cluster in KRaft mode.
 *
 * Times are short where Kafka waits for production's sake (first rebalance, fencing of dead brokers,
 * abandoned transactions), and topics are never made by accident. `settings` win over all of them.
 */
export function kafkaProperties(
  node: NodePorts,
  nodes: readonly NodePorts[],
  dataFolder: string,
  settings: Readonly<Record<string, string>> = {},
): string {
  const { factor, minInSync } = replication(nodes.length)
  const voters = nodes.map(({ nodeId, controllerPort }) => `${nodeId}@127.0.0.1:${controllerPort}`)
  const properties = new Map<string, string | number>([
    ['process.roles', 'broker,controller'],
    ['node.id', node.nodeId],
    ['controller.quorum.voters', voters.join(',')],
    [
      'listeners',
      [...clientListeners(node, node.detour?.port), `CONTROLLER://127.0.0.1:${node.controllerPort}`].join(
        ',',
      ),
    ],
    ['advertised.listeners', clientListeners(node, node.detour?.advertisedPort).join(',')],
    ['controller.listener.names', 'CONTROLLER'],
    ['inter.broker.listener.name', 'PLAINTEXT'],
    [
      'listener.security.protocol.map',
      ['PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT', ...furtherProtocols(node)].join(','),
    ],
    ['log.dirs', dataFolder],
    ['auto.create.topics.enable', 'false'],
    ['default.replication.factor', factor],
    ['min.insync.replicas', minInSync],
    ['offsets.topic.num.partitions', 5],
    ['offsets.topic.replication.factor', factor],
    ['transaction.state.log.num.partitions', 5],
    ['transaction.state.log.replication.factor', factor],
    ['transaction.state.log.min.isr', minInSync],
    ['share.coordinator.state.topic.replication.factor', factor],
    ['share.coordinator.state.topic.min.isr', minInSync],
    ['group.initial.rebalance.delay.ms', 0],
    ['group.min.session.timeout.ms', 1000],
    ['transaction.abort.timed.out.transaction.cleanup.interval.ms', 1000],
    ['broker.session.timeout.ms', 3000],
    ['broker.heartbeat.interval.ms', 500],
    ['num.network.threads', 2],
    ['num.io.threads', 2],
    ['log.cleaner.dedupe.buffer.size', 4_194_304],
    ...Object.entries(settings),
  ])
  return [...properties].map(([name, value]) => `${name}=${value}\n`).join('')
}

function clientListeners({ port, secure }: NodePorts, detourPort: number | undefined): string[] {
  return [
    `PLAINTEXT://127.0.0.1:${port}`,
    ...(secure === undefined ? [] : [`SECURE://127.0.0.1:${secure.port}`]),
    ...(detourPort === undefined ? [] : [`DETOUR://127.0.0.1:${detourPort}`]),
  ]
}

function furtherProtocols({ secure, detour }: NodePorts): string[] {
  return [
    ...(secure === undefined ? [] : [`SECURE:${secure.protocol}`]),
    ...(detour === undefined ? [] : ['DETOUR:PLAINTEXT']),
  ]
}

/** A node that is only formatted, never started: its ports mean nothing. */
export function singleNodeProperties(dataFolder: string): string {
  const node = { nodeId: 1, port: 19_092, controllerPort: 19_093 }
  return kafkaProperties(node, [node], dataFolder)
}
