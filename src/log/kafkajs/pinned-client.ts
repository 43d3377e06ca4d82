import manifest from 'kafkajs/package.json' with { type: 'json' }
import { DriftstreamError } from '../../errors/driftstream-error.ts'

/** The version whose insides are reached into, and whose bugs are mended here. */
export const CLIENT_VERSION = '2.2.4'

/**
 * Refuses every other version of the client: what is reached behind its index holds for this one alone, and
 * a mend of another's insides may lose records in silence.
 * @throws CLIENT_UNSUPPORTED
 */
export function expectPinnedClient(found: string = manifest.version): void {
  if (found === CLIENT_VERSION) return
  throw new DriftstreamError('CLIENT_UNSUPPORTED', `expected kafkajs ${CLIENT_VERSION}, found ${found}`, {
    found,
  })
}
