import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Remembers the last line it read, a list of process ids. When its input ends, it kills those and removes
 * the folder (twice if need be: a process just killed may still be writing).
 */
const SCRIPT = `
while read -r line; do pids=$line; done
[ -z "$pids" ] || kill -KILL $pids 2>/dev/null
rm -rf -- "$1" 2>/dev/null || { sleep 1; rm -rf -- "$1"; }
`

export interface Watchdog {
  /** Tells which processes must not outlive this one: all of them, each time. */
  guard(pids: readonly number[]): void
  /** Kills what is still guarded, removes the folder, and resolves when both are done. */
  end(): Promise<void>
}

/**
 * Starts the process that cleans up after this one, however this one ends.
 *
 * The tie is a pipe: the kernel closes it when its writer is gone, be it by `process.exit`, a signal, a
 * crash or SIGKILL, and then the watchdog acts. Exit and signal handlers would miss the last two and,
 * in a library, change what Ctrl-C does to the program around it. A shared process group would need
 * somebody left to signal it. The watchdog has a session of its own, so that a Ctrl-C or a killed process
 * group takes its master and not the watchdog itself.
 */
export function startWatchdog(folder: string): Watchdog {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'kafka-watchdog', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = once(shell, 'exit')
  // It must not keep its master alive.
  shell.unref()
  // Somebody may have killed it; whoever did, took the cleaning up on himself.
  shell.stdin.on('error', () => {})
  return {
    guard: (pids) => {
      shell.stdin.write(`${pids.join(' ')}\n`)
    },
    end: async () => {
      shell.ref()
      shell.stdin.end()
      await ended
    },
  }
}
