import type { CommandEvent } from '../events/command-event.ts'
import type { Log } from '../log/port.ts'
import { commandRecord } from '../producers/control-events.ts'

/** Writes one command of a person to its topic, by a producer of its own; returns what was written. */
export async function writeCommand(log: Log, topic: string, command: CommandEvent): Promise<CommandEvent> {
  const partitions = (await log.offsets(topic)).length
  const producer = await log.openProducer()
  try {
    const stamp = { source: '/driftstream/cli', now: command.at }
    await producer.send([commandRecord(command, { topic, partitions }, stamp)])
  } finally {
    await producer.close()
  }
  return command
}
