import { openMemoryLog } from '../../../src/log/memory-log.ts'
import { logConformance } from '../../conformance/log-conformance.ts'

logConformance('the log in memory', async () => openMemoryLog())
