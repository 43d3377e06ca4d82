import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** What the supervisor of a command needs to know; written before it is started. */
const order = z.object({
  command: z.array(z.string()),
  directory: z.string(),
  input: z.string(),
  timeLimitMs: z.number(),
  killGraceMs: z.number(),
})
export type JobOrder = z.infer<typeof order>

/** Which process works on the job. */
const worker = z.object({ pid: z.int(), started: z.string(), host: z.string() })
export type JobWorker = z.infer<typeof worker>

/** How the command ended; a reason where it did not end well. */
const end = z.object({ reason: z.string().nullable(), timedOut: z.boolean() })
export type JobEnd = z.infer<typeof end>

const ORDER = 'order.json'
const SUPERVISOR = 'supervisor.json'
const COMMAND = 'command.json'
const END = 'end.json'

export const readOrder = (directory: string) => read(directory, ORDER, order)
export const readSupervisor = (directory: string) => read(directory, SUPERVISOR, worker)
export const readCommand = (directory: string) => read(directory, COMMAND, worker)
export const readEnd = (directory: string) => read(directory, END, end)

export const writeOrder = (directory: string, value: JobOrder) => write(directory, ORDER, value)
export const writeCommand = (directory: string, value: JobWorker) => write(directory, COMMAND, value)
export const writeEnd = (directory: string, value: JobEnd) => write(directory, END, value)

/** Notes who supervises the job, unless somebody does already: of two, one. */
export async function claim(directory: string, value: JobWorker): Promise<boolean> {
  try {
    await writeFile(join(directory, SUPERVISOR), JSON.stringify(value), { flag: 'wx', flush: true })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Null where there is no such file, or none that is whole. */
async function read<T>(directory: string, name: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(join(directory, name), 'utf8')))
  } catch {
    return null
  }
}

/** Written beside and moved into place: whoever reads it finds all of it. */
async function write(directory: string, name: string, value: unknown): Promise<void> {
  // Two may write at once, the dead one's successor among them: each its own.
  const part = join(directory, `${name}.${randomUUID()}.part`)
  await writeFile(part, JSON.stringify(value), { mode: 0o600, flush: true })
  await rename(part, join(directory, name))
}
