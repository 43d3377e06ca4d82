import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import process from 'node:process'
import type { TrainerInput } from '../../events/training-row.ts'
import { plainReason, TrainerFailure } from './failure.ts'
import { readDelivery } from './read-delivery.ts'
import { runCommand } from './run-command.ts'
import type { Trainer, TrainerOutcome } from './trainer.ts'

export interface CommandTrainerOptions {
  /** Program and arguments, started without a shell. */
  readonly command: readonly string[]
  readonly timeLimitMs: number
  /** Null: this process's own. */
  readonly workingDirectory: string | null
  /** Added to the few variables every child gets. */
  readonly environment: Readonly<Record<string, string>>
}

/** SIGTERM first, so that a trainer can put its things in order. */
const KILL_GRACE_MS = 5000

/**
 * What a program needs to find itself, its home and its language. The rest of our environment stays with us:
 * it holds the broker's password.
 */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR']

/**
 * A trainer that is a command. It gets a TrainerInput as JSON on its standard input and answers by writing a
 * TrainerResult to `resultPath` and exiting with 0; a result left there by an earlier run is removed first.
 * At the time limit, or when cancelled, its whole process group is ended: SIGTERM, `killGraceMs` later SIGKILL.
 * Nothing it starts outlives it, unless it leaves the process group.
 */
export function createCommandTrainer(
  options: CommandTrainerOptions,
  killGraceMs: number = KILL_GRACE_MS,
): Trainer {
  return {
    async train(input, signal): Promise<TrainerOutcome> {
      if (signal.aborted) return { kind: 'cancelled' }
      try {
        const delivery = await trainOnce(options, killGraceMs, input, signal)
        return signal.aborted ? { kind: 'cancelled' } : { kind: 'trained', ...delivery }
      } catch (cause) {
        if (signal.aborted) return { kind: 'cancelled' }
        const reason = cause instanceof Error ? cause.message : String(cause)
        const expected = cause instanceof TrainerFailure
        return {
          kind: 'failed',
          reason: plainReason(expected ? reason : `the trainer could not be run: ${reason}`),
        }
      }
    },
  }
}

async function trainOnce(
  options: CommandTrainerOptions,
  killGraceMs: number,
  input: TrainerInput,
  signal: AbortSignal,
) {
  const directory = resolve(options.workingDirectory ?? '.')
  await rm(input.resultPath, { force: true })
  await runCommand(
    {
      command: options.command,
      directory,
      environment: { ...inheritedEnvironment(), ...options.environment },
      stdin: `${JSON.stringify(input)}\n`,
      timeLimitMs: options.timeLimitMs,
      killGraceMs,
    },
    signal,
  )
  return await readDelivery(input, directory, signal)
}

function inheritedEnvironment(): Record<string, string> {
  const inherited: Record<string, string> = {}
  for (const name of INHERITED) {
    const value = process.env[name]
    if (value !== undefined) inherited[name] = value
  }
  return inherited
}
