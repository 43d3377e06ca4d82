import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'

/** @throws CONFIG_INVALID naming what is configured */
export function modelNamed({ models }: Pick<AppOptions, 'models'>, name: string): ConfiguredModel {
  const model = models.get(name)
  if (model !== undefined) return model
  throw new DriftstreamError(
    'CONFIG_INVALID',
    `expected one of the configured models ${[...models.keys()].join(', ')}; got "${name}"`,
    { model: name },
  )
}
