export { type KafkaLogOptions, openKafkaLog } from './kafkajs/kafkajs-log.ts'
export { type MemoryLogOptions, openMemoryLog } from './memory-log.ts'
export { partitionOf } from './partition-of.ts'
export type * from './port.ts'
