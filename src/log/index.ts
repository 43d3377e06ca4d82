export { type MemoryLogOptions, openMemoryLog } from './memory-log.ts'
export type * from './port.ts'
