import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Fields of /proc/<pid>/stat behind the name in brackets, which may hold anything: state, then 18 others. */
const START_TIME = 19

/**
 * What tells a process from a later one of the same number: boot and start time. Null where no such process
 * runs; a zombie does not.
 * Source: proc(5), /proc/pid/stat field 22; elsewhere ps(1), `lstart`.
 */
export async function processStart(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (stat !== null) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    return `${boot.trim()} ${fields[START_TIME]}`
  }
  const own = await readFile('/proc/self/stat', 'utf8').catch(() => null)
  if (own !== null) return null
  return await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).then(
    ({ stdout }) => {
      const [state = '', ...started] = stdout.trim().split(/\s+/)
      return state === '' || state.startsWith('Z') ? null : started.join(' ')
    },
    () => null,
  )
}

/** Does the process that had this start still run? */
export async function isRunning(pid: number, started: string): Promise<boolean> {
  return (await processStart(pid)) === started
}
