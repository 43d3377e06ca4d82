import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { CommandEvent } from '../events/command-event.ts'
import { headerText } from '../events/headers.ts'
import type { LogRecord } from '../log/port.ts'
import type { Rollout } from '../retraining/rollout-state.ts'
import { TrainerFailure } from '../retraining/trainers/failure.ts'
import { readTrainerSecret } from '../retraining/trainers/read-secret.ts'
import { keepCallback } from '../retraining/trainers/webhook-result.ts'
import { signatureFault } from '../retraining/trainers/webhook-signature.ts'
import { jobDirectory } from './job-directory.ts'

export type Callback = Extract<CommandEvent, { kind: 'training-result' }>

/**
 * Takes in what a trainer calls back with for the training under way: on disk, before the position is
 * committed, so that whoever asks after the job finds it. The first callback counts; of a later one, and of
 * the same one read again, false comes back.
 *
 * Where the trainer has a secret the record must be signed with it, as requests to the trainer are: headers of
 * Standard Webhooks on the record, the value of the record as body.
 * @throws CALLBACK_REFUSED when it is not signed, not with that secret, or not at a time that can be
 */
export async function receiveCallback(
  record: LogRecord,
  { result }: Callback,
  { trainer, name }: ConfiguredModel,
  { requestId, toVersion, job, since }: Rollout,
  { artifacts }: Pick<AppOptions, 'artifacts'>,
): Promise<boolean> {
  if (trainer?.kind === 'webhook' && trainer.secret !== null) {
    const secret = await readTrainerSecret(trainer.secret).catch((cause: unknown) => {
      if (!(cause instanceof TrainerFailure)) throw cause
      throw refused(requestId, cause.message)
    })
    const header = (wanted: string) => headerText(record.headers, wanted)
    const body = record.value ?? new Uint8Array()
    const fault = signatureFault(secret!, header, body, job?.submittedAt ?? since, record.timestamp)
    if (fault !== null) throw refused(requestId, fault)
  }
  return await keepCallback(jobDirectory(artifacts, name, toVersion, requestId), result)
}

function refused(requestId: string, why: string): DriftstreamError {
  return new DriftstreamError('CALLBACK_REFUSED', `a callback for request ${requestId} is refused: ${why}`, {
    requestId,
  })
}
