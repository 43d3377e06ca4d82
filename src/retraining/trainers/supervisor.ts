/**
 * `node supervisor.ts <job directory>`: runs the command of one training to its end, in place of the
 * retrainer, which may end before it. It holds the command to its time limit and notes how it ended. Of two
 * supervisors of one job the second leaves at once.
 */
import { hostname } from 'node:os'
import process from 'node:process'
import { plainReason, TrainerFailure } from './failure.ts'
import { claim, readOrder, writeCommand, writeEnd } from './job-files.ts'
import { processStart } from './process-identity.ts'
import { runCommand } from './run-command.ts'

const directory = process.argv[2] ?? '.'
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
// The terminal's interrupt is meant for the retrainer, which leaves the training be.
process.on('SIGINT', () => {})
process.on('SIGHUP', () => {})
// Nor is there anybody to talk to when that retrainer was killed meanwhile: the job is claimed all the same.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {})

const host = hostname()
const identityOf = async (pid: number) => ({ pid, started: (await processStart(pid)) ?? '', host })

const order = await readOrder(directory)
if (order !== null && (await claim(directory, await identityOf(process.pid)))) {
  process.stdout.write('claimed\n')
  const { command, directory: workingDirectory, input, timeLimitMs, killGraceMs } = order
  const started = (pid: number) => {
    // Only needed when this process is killed hard: then the command is found by it.
    identityOf(pid)
      .then((worker) => writeCommand(directory, worker))
      .catch(() => {})
  }
  const run = { command, directory: workingDirectory, environment: process.env, stdin: input, timeLimitMs }
  try {
    await runCommand({ ...run, killGraceMs, started }, stop.signal)
    const reason = stop.signal.aborted ? 'the training was cancelled' : null
    await writeEnd(directory, { reason, timedOut: false })
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause)
    const expected = cause instanceof TrainerFailure
    const reason = plainReason(expected ? said : `the trainer could not be run: ${said}`)
    const timedOut = expected && cause.timedOut
    await writeEnd(directory, {
      reason: stop.signal.aborted ? 'the training was cancelled' : reason,
      timedOut,
    })
  }
}
