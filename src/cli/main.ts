#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { addBudgetCommand } from './budget-command.ts'
import { endWithReader } from './closed-pipe.ts'
import { addConfigCommand } from './config-command.ts'
import { addDeadLetterCommand } from './dead-letter-command.ts'
import { addDecisionCommands } from './decision-commands.ts'
import { addDemoCommand } from './demo-command.ts'
import { describeFailure, EXIT } from './exit-codes.ts'
import { packageVersion } from './package-version.ts'
import { addProcessCommands } from './process-commands.ts'
import { addReferenceCommand } from './reference-command.ts'
import { addReplayCommand } from './replay-command.ts'
import { addRetrainCommand } from './retrain-command.ts'
import { addStatusCommand } from './status-command.ts'
import { addTopicsCommand } from './topics-command.ts'

function createProgram(): Command {
  const program = new Command('driftstream')
    .description('Streaming drift detection and trigger-based retraining on Kafka.')
    .version(packageVersion())
    .showHelpAfterError('(driftstream --help lists the commands)')
    .addHelpText(
      'after',
      `
Examples:
  driftstream demo                              three acts on real data, no broker needed
  driftstream config check -c driftstream.yaml  every fault at once
  driftstream budget explain flights            what the budget of false alarms lets every test see
  driftstream topics create                     what is missing
  driftstream reference build train.parquet --model flights --publish
  driftstream reference show flights            what is normal for it, and how good a measure that is
  driftstream status                            positions and lag, models, episodes, the stream itself
  driftstream replay --features past.csv        what the triggers would have done in the past
  driftstream dlq replay --code MODEL_UNKNOWN   once the model is configured, count what was refused
  driftstream retrain flights --wait            ask for a retrain, and see what comes of it
  driftstream run                               observer, detector and retrainer in one process

Exit codes: 0 ok, 1 failure, 2 usage, 78 refused to start (configuration, topics, broker), 130 interrupted.`,
    )
  addProcessCommands(program)
  addRetrainCommand(program)
  addDecisionCommands(program)
  addReferenceCommand(program)
  addTopicsCommand(program)
  addStatusCommand(program)
  addDeadLetterCommand(program)
  addConfigCommand(program)
  addBudgetCommand(program)
  addReplayCommand(program)
  addDemoCommand(program)
  for (const command of [program, ...program.commands, ...program.commands.flatMap((c) => c.commands)]) {
    command.exitOverride()
  }
  return program
}

endWithReader(process.stdout)
try {
  await createProgram().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
  } else {
    const { text, exitCode } = describeFailure(error)
    process.stderr.write(`driftstream: ${text}\n`)
    process.exitCode = exitCode
  }
}
