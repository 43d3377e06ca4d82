import registryPackage from '@kafkajs/confluent-schema-registry'
import { RegistryNotInstalled } from '../../tools/registry/installation.ts'
import {
  type LocalRegistry,
  missingForLocalRegistry,
  startRegistry,
} from '../../tools/registry/local-registry.ts'
import { type Format, type Kind, schemaOf } from './framed-events.ts'

/** A registry of one's own; null, with a word about why, where there can be none. `REQUIRE_KAFKA=1`: throws then. */
export async function offerRegistry(): Promise<LocalRegistry | null> {
  const report = (line: string) => void process.stderr.write(`registry: ${line}\n`)
  const skip = (reason: string): null => {
    if (process.env.REQUIRE_KAFKA === '1') throw new Error(`REQUIRE_KAFKA=1: ${reason}`)
    report(`NO REGISTRY, TESTS THAT NEED ONE ARE SKIPPED. ${reason}`)
    return null
  }
  const missing = missingForLocalRegistry()
  if (missing !== null) return skip(missing)
  try {
    return await startRegistry({ report })
  } catch (error) {
    if (error instanceof RegistryNotInstalled) return skip(error.message)
    throw error
  }
}

/** Registers the schemas of both kinds of events, as producers do; their ids. */
export async function registerSchemas(
  url: string,
  format: Format,
  subject: string,
): Promise<Readonly<Record<Kind, number>>> {
  const client = new registryPackage.SchemaRegistry({ host: url })
  const register = async (kind: Kind) => {
    const schema = { type: format, schema: schemaOf(format, kind) } as Parameters<typeof client.register>[0]
    return (await client.register(schema, { subject: `${subject}-${kind}` })).id
  }
  return { feature: await register('feature'), label: await register('label') }
}
