import { describe, expect, it } from 'vitest'
import { checkConfig, parseConfig } from '../../../src/config/load-config.ts'
import { showConfig } from '../../../src/config/show-config.ts'

const config = (registry: string) => `
kafka: { brokers: [localhost:9092] }
schemaRegistry: ${registry}
models: { small: { version: 1, task: binary, features: { x: numeric } } }
`
const registryOf = (registry: string) => parseConfig(config(registry)).schemaRegistry

function faultsOf(registry: string): string[] {
  const result = checkConfig(config(registry))
  return 'faults' in result ? result.faults.map(({ path, expected }) => `${path}: ${expected}`) : []
}

describe('schemaRegistry', () => {
  it('is none without an address', () => {
    expect(registryOf('')).toBeUndefined()
    expect(registryOf('{ url: }')).toBeUndefined()
  })

  it('has an address, a login that is named by where it is, and limits', () => {
    expect(registryOf('{ url: "http://r:8081/apis/ccompat/v7" }')).toEqual({
      url: 'http://r:8081/apis/ccompat/v7',
      login: null,
      caFile: null,
      requestTimeLimitMs: 5_000,
      outageMaxMs: 600_000,
      unknownWaitMs: 10_000,
      cacheMax: 1_000,
    })
    expect(
      registryOf('{ url: "https://r", username: ann, passwordVariable: P, caFile: ca.pem }'),
    ).toMatchObject({
      login: { kind: 'password', username: 'ann', password: { kind: 'variable', name: 'P' } },
      caFile: 'ca.pem',
    })
    expect(registryOf('{ url: "https://r", tokenFile: t }')?.login).toEqual({ kind: 'token', tokenFile: 't' })
  })

  it.each([
    ['{ url: registry:8081 }', 'schemaRegistry.url: an http or https address without a user'],
    ['{ url: "http://ann:secret@r" }', 'schemaRegistry.url: an http or https address without a user'],
    ['{ username: ann, passwordVariable: P }', 'schemaRegistry.url: the address of the registry'],
    [
      '{ url: "http://r", username: ann }',
      'schemaRegistry.passwordVariable: passwordVariable or passwordFile',
    ],
    ['{ url: "http://r", passwordFile: p }', 'schemaRegistry.username: a name'],
    [
      '{ url: "http://r", username: a, passwordFile: p, passwordVariable: P }',
      'schemaRegistry.passwordFile: nothing beside passwordVariable',
    ],
    [
      '{ url: "http://r", tokenFile: t, username: a, passwordFile: p }',
      'schemaRegistry.tokenFile: nothing beside a password',
    ],
    ['{ url: "http://r", caFile: c }', 'schemaRegistry.caFile: nothing, or an https address'],
    ['{ url: "http://r", cacheMax: 1 }', 'schemaRegistry.cacheMax: a whole number of at least 10'],
  ])('refuses %s', (registry, fault) => {
    expect(faultsOf(registry).join('\n')).toContain(fault)
  })

  it('is shown as it is written, for it holds no secret', () => {
    const shown = showConfig(config('{ url: "https://r", username: ann, passwordFile: /run/p }'), {})
    expect(shown).toContain('passwordFile: /run/p')
  })
})
