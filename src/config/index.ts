export { type Fault, formatFaults } from './fault.ts'
export { type ConfigSource, checkConfig, loadConfig, parseConfig } from './load-config.ts'
export type {
  AppOptions,
  ConfiguredModel,
  FlushOptions,
  KafkaOptions,
  LogOptions,
  TopicNames,
  TopicOptions,
} from './options.ts'
