import { createLogger, openLog, readOptions } from '../../src/cli/setting.ts'
import { SYSTEM_CLOCK } from '../../src/consumers/edge.ts'
import { startProcesses } from '../../src/consumers/start.ts'
import type { Position } from '../../src/log/port.ts'

/** An observer and a detector as `driftstream run` starts them. */
export interface RunningPipeline {
  /** Resolves when everything before these positions is counted and committed. */
  counted(positions: readonly Position[]): Promise<void>
  stop(): Promise<void>
}

export async function startRunning(path: string): Promise<RunningPipeline> {
  const options = readOptions(path)
  const logger = createLogger(options.log)
  const log = await openLog(options, logger)
  const stop = new AbortController()
  const surroundings = { clock: SYSTEM_CLOCK, logger, signal: stop.signal }
  const running = await startProcesses(['observer', 'detector'], log, options, surroundings)
  return {
    counted: (positions) => running[0]!.progress.settled(positions),
    stop: async () => {
      stop.abort()
      await Promise.all(running.map(({ done }) => done))
      await log.close()
    },
  }
}
