import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { TrainerFailure } from './failure.ts'

/** Where a secret is to be had; configurations, handles and logs hold none. */
export type TrainerSecret =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string }

/**
 * The secret, read anew at every use: it may have been changed.
 * @throws TrainerFailure for a file that cannot be read or a variable that is not set; never with what either holds
 */
export async function readTrainerSecret(source: TrainerSecret | null): Promise<string | null> {
  if (source === null) return null
  if (source.kind === 'variable') {
    const value = process.env[source.name]
    if (value !== undefined && value !== '') return value
    throw new TrainerFailure(`expected a secret in the environment variable ${source.name}, which is not set`)
  }
  const text = await readFile(source.path, 'utf8').catch(() => null)
  if (text === null)
    throw new TrainerFailure(`expected a secret in the file ${source.path}, which cannot be read`)
  // An editor ends a file with a line break; no secret does.
  return text.replace(/\r?\n$/, '')
}
