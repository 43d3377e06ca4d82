import { type CommandTrainerOptions, createCommandTrainer } from './command.ts'
import type { Trainer } from './trainer.ts'
import { createWebhookTrainer, type WebhookTrainerOptions } from './webhook.ts'

export type TrainerOptions = CommandTrainerOptions | WebhookTrainerOptions

export function createTrainer(options: TrainerOptions): Trainer {
  return options.kind === 'command' ? createCommandTrainer(options) : createWebhookTrainer(options)
}
