import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startWatchdog } from '../../../../tools/java/watchdog.ts'

const WATCHDOG = join(import.meta.dirname, '../../../../tools/java/watchdog.ts')

/** A program that starts a sleeper of its own under a watchdog, says so, and then does nothing. */
const MASTER = `
import { spawn } from 'node:child_process'
import { startWatchdog } from ${JSON.stringify(WATCHDOG)}
const watchdog = startWatchdog(process.argv[1])
// Detached as the brokers are, and holding this program's stdout: who reads it sees both end.
const sleeper = spawn('sleep', ['60'], { detached: true, stdio: ['ignore', 'inherit', 'ignore'] })
watchdog.guard([sleeper.pid])
process.stdout.write(String(sleeper.pid) + '\\n')
setInterval(() => {}, 1000)
`

async function filledFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftstream-watchdog-'))
  await writeFile(join(folder, 'data'), 'data')
  return folder
}

const started: ChildProcess[] = []

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  started.push(child)
  return child
}

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

describe('the watchdog', () => {
  it('kills what it guards and removes the folder when told to end', async () => {
    const folder = await filledFolder()
    const watchdog = startWatchdog(folder)
    const sleeper = start('sleep', ['60'])
    const ended = once(sleeper, 'exit')
    watchdog.guard([sleeper.pid!])
    await watchdog.end()
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(existsSync(folder)).toBe(false)
  })

  it('spares a process it was told to forget', async () => {
    const folder = await filledFolder()
    const watchdog = startWatchdog(folder)
    const [kept, spared] = [start('sleep', ['60']), start('sleep', ['60'])]
    const ended = once(kept, 'exit')
    watchdog.guard([kept.pid!, spared.pid!])
    watchdog.guard([kept.pid!])
    await watchdog.end()
    await ended
    expect(spared.exitCode ?? spared.signalCode).toBeNull()
  })

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'acts when its master is ended by %s',
    async (signal) => {
      const folder = await filledFolder()
      const master = start(process.execPath, ['--input-type=module', '-e', MASTER, folder])
      const sleeperPid = Number(String((await once(master.stdout!, 'data'))[0]))
      // Its stdout closes, and so does it, when the last holder of that pipe has ended: the sleeper.
      const bothEnded = once(master, 'close')
      master.stdout!.resume()
      process.kill(sleeperPid, 0)
      master.kill(signal)
      expect(await bothEnded).toEqual([null, signal])
      await expect.poll(() => existsSync(folder), { timeout: 5000 }).toBe(false)
    },
  )
})
