import { userInfo } from 'node:os'
import type { Command } from 'commander'
import { SYSTEM_CLOCK } from '../consumers/edge.ts'
import { type Decision, sendDecision } from '../consumers/send-command.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

const DECISIONS: readonly { readonly kind: Decision['kind']; readonly summary: string }[] = [
  { kind: 'approve', summary: 'let a candidate that awaits approval serve' },
  { kind: 'reject', summary: 'turn down a candidate that awaits approval' },
  { kind: 'cancel', summary: 'end a candidate on its way, and its training' },
]

/** `approve`, `reject` and `cancel`: what a person decides of a retrain request. */
export function addDecisionCommands(program: Command): void {
  for (const { kind, summary } of DECISIONS) {
    program
      .command(kind)
      .argument('<request>', 'id of the retrain request, or its first characters')
      .summary(summary)
      .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}. Written to the commands topic.`)
      .option('-c, --config <file>', 'configuration', CONFIG_PATH)
      .option('--by <name>', 'who decides; stands in the deployment event', userInfo().username)
      .option('--reason <text>', 'why; stands in the deployment event', '')
      .option('--json', 'print the command as one JSON object')
      .action((request: string, flags: Flags) => decide({ kind, request }, flags))
  }
}

interface Flags {
  readonly config: string
  readonly by: string
  readonly reason: string
  readonly json?: boolean
}

async function decide(what: Pick<Decision, 'kind' | 'request'>, flags: Flags): Promise<void> {
  const options = readOptions(flags.config)
  const log = await openLog(options, createLogger(options.log))
  try {
    const { by, reason } = flags
    const decision: Decision = { ...what, by, reason, at: SYSTEM_CLOCK.now() }
    const command = await sendDecision(log, options.topics.names, decision)
    const text = 'requestId' in command ? `${command.kind} ${command.requestId} of ${command.model}` : ''
    process.stdout.write(`${flags.json === true ? JSON.stringify(command) : `written: ${text}`}\n`)
  } finally {
    await log.close()
  }
}
