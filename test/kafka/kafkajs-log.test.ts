import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import { logConformance } from '../conformance/log-conformance.ts'
import { describeKafka, kafka } from '../support/kafka.ts'

describeKafka('kafkajs', () => {
  logConformance('the log on a broker', () =>
    openKafkaLog({
      brokers: kafka.brokers!,
      clientId: 'conformance',
      connectTimeoutMs: 20_000,
      onClientLog: (level, text) => process.stderr.write(`client ${level}: ${text}\n`),
    }),
  )
})
