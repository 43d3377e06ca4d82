import { describe, expect, it } from 'vitest'
import { kafkaProperties, type NodePorts } from '../../../../tools/kafka/kafka-properties.ts'

const ONE: NodePorts = { nodeId: 1, port: 19_092, controllerPort: 19_093 }
const THREE: NodePorts[] = [1, 2, 3].map((nodeId) => ({
  nodeId,
  port: 19_091 + nodeId,
  controllerPort: 19_094 + nodeId,
}))

/** The text as a broker reads it: the last line of a name wins. */
function read(text: string): Map<string, string> {
  const lines = text.trimEnd().split('\n')
  return new Map(lines.map((line) => line.split(/=(.*)/s, 2) as [string, string]))
}

describe('the properties of one broker', () => {
  it('are the whole text of a broker that controls itself', () => {
    expect(kafkaProperties(ONE, [ONE], '/data')).toBe(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:19093
listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093
advertised.listeners=PLAINTEXT://127.0.0.1:19092
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=/data
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.num.partitions=5
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
num.network.threads=2
num.io.threads=2
log.cleaner.dedupe.buffer.size=4194304
`)
  })

  it('tell who comes by the detour to come back through the proxy, and only those', () => {
    const detoured = { ...ONE, detour: { port: 19_100, advertisedPort: 19_200 } }
    const properties = read(kafkaProperties(detoured, [detoured], '/data'))
    expect(properties.get('listeners')).toBe(
      'PLAINTEXT://127.0.0.1:19092,DETOUR://127.0.0.1:19100,CONTROLLER://127.0.0.1:19093',
    )
    expect(properties.get('advertised.listeners')).toBe(
      'PLAINTEXT://127.0.0.1:19092,DETOUR://127.0.0.1:19200',
    )
  })

  it('give way to the settings asked for, once each', () => {
    const text = kafkaProperties(ONE, [ONE], '/data', {
      'broker.session.timeout.ms': '9000',
      'log.message.timestamp.type': 'LogAppendTime',
    })
    expect(read(text).get('broker.session.timeout.ms')).toBe('9000')
    expect(read(text).get('log.message.timestamp.type')).toBe('LogAppendTime')
    expect(text.match(/broker\.session\.timeout\.ms=/g)).toHaveLength(1)
  })
})

describe('the properties of three brokers', () => {
  const texts = THREE.map((node) => kafkaProperties(node, THREE, `/data-${node.nodeId}`))

  it('differ in nothing but the node, its ports and its folder', () => {
    const own = new Set(['node.id', 'listeners', 'advertised.listeners', 'log.dirs'])
    const common = texts.map((text) => [...read(text)].filter(([name]) => !own.has(name)))
    expect(common[1]).toEqual(common[0])
    expect(common[2]).toEqual(common[0])
    for (const name of own) expect(new Set(texts.map((text) => read(text).get(name))).size).toBe(3)
  })

  it('name all three as voters', () => {
    expect(read(texts[2]!).get('controller.quorum.voters')).toBe(
      '1@127.0.0.1:19095,2@127.0.0.1:19096,3@127.0.0.1:19097',
    )
  })

  it.each(['default', 'offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'])(
    'replicate %s thrice',
    (what) => {
      expect(read(texts[0]!).get(`${what}.replication.factor`)).toBe('3')
    },
  )

  it.each(['min.insync.replicas', 'transaction.state.log.min.isr', 'share.coordinator.state.topic.min.isr'])(
    'let one broker be away: %s is 2',
    (name) => {
      expect(read(texts[0]!).get(name)).toBe('2')
    },
  )
})
