import { describe, expect, it } from 'vitest'
import { checkConfig, parseConfig } from '../../../src/config/load-config.ts'
import { showConfig } from '../../../src/config/show-config.ts'

const config = (security: string) => `
kafka: { brokers: [localhost:9092], security: ${security} }
models: { small: { version: 1, task: binary, features: { x: numeric } } }
`
const securityOf = (security: string) => parseConfig(config(security)).kafka.security

function faultsOf(security: string): string[] {
  const result = checkConfig(config(security))
  return 'faults' in result ? result.faults.map(({ path, expected }) => `${path}: ${expected}`) : []
}

describe('kafka.security', () => {
  it('names secrets by where they are', () => {
    expect(securityOf('{}')).toEqual({ tls: null, login: null })
    expect(
      securityOf(
        '{ protocol: sasl_ssl, tls: { caFile: ca.pem }, login: { mechanism: plain, username: ann, passwordVariable: P } }',
      ),
    ).toEqual({
      tls: {
        caFile: 'ca.pem',
        certificateFile: null,
        keyFile: null,
        keyPassphrase: null,
        serverName: null,
      },
      login: { mechanism: 'plain', username: 'ann', password: { kind: 'variable', name: 'P' } },
    })
    expect(
      securityOf('{ protocol: ssl, tls: { certificateFile: c, keyFile: k, keyPassphraseFile: p } }').tls,
    ).toMatchObject({ certificateFile: 'c', keyFile: 'k', keyPassphrase: { kind: 'file', path: 'p' } })
    expect(
      securityOf('{ protocol: sasl_plaintext, login: { mechanism: oauthbearer, tokenFile: t } }').login,
    ).toEqual({ mechanism: 'oauthbearer', tokenFile: 't' })
  })

  it.each([
    ['{ protocol: tls }', 'kafka.security.protocol'],
    ['{ protocol: sasl_ssl }', 'kafka.security.login.mechanism'],
    ['{ protocol: sasl_ssl, login: { mechanism: oauthbearer } }', 'kafka.security.login.tokenFile'],
    [
      '{ protocol: sasl_ssl, login: { mechanism: plain, passwordFile: p } }',
      'kafka.security.login.username: a name',
    ],
    [
      '{ protocol: sasl_ssl, login: { mechanism: plain, username: a } }',
      'kafka.security.login.passwordVariable: passwordVariable or passwordFile',
    ],
    [
      '{ protocol: sasl_ssl, login: { mechanism: plain, username: a, passwordFile: p, passwordVariable: V } }',
      'kafka.security.login.passwordFile: nothing beside login.passwordVariable',
    ],
    ['{ protocol: ssl, tls: { certificateFile: c } }', 'kafka.security.tls.keyFile'],
    ['{ protocol: ssl, tls: { keyFile: c } }', 'kafka.security.tls.certificateFile'],
    ['{ tls: { caFile: c } }', 'kafka.security.tls: nothing, or the protocol ssl or sasl_ssl'],
    ['{ protocol: ssl, login: { username: a } }', 'kafka.security.login: nothing, or the protocol sasl_'],
    ['{ protocol: ssl, tls: { keyPassphraseVariable: "a b" } }', 'the name of an environment variable'],
  ])('refuses %s', (security, words) => {
    expect(faultsOf(security)).toEqual([expect.stringContaining(words)])
  })

  it('quotes no secret that stands where none belongs', () => {
    const result = checkConfig(
      config('{ protocol: sasl_ssl, login: { mechanism: plain, username: a, password: hunter2 } }'),
    )
    expect(JSON.stringify(result)).toContain('unknown key')
    expect(JSON.stringify(result)).not.toContain('hunter2')
    expect(faultsOf('{ login: { passwordFile: hunter2 } }').join()).not.toContain('hunter2')
  })
})

describe('showConfig', () => {
  it('leaves out what may be a secret, and lays the environment over the rest', () => {
    const text = `
kafka: { brokers: [localhost:9092], security: { protocol: sasl_ssl, login: { mechanism: plain, username: ann, passwordVariable: KAFKA_PASSWORD } } }
models:
  small:
    version: 1
    task: binary
    features: { password: numeric }
    retraining: { trainer: { command: [train], environment: { API_KEY: hunter2, MODE: fast } } }
`
    const shown = showConfig(text, { DRIFTSTREAM_GROUP: 'other' })
    expect(shown).not.toContain('hunter2')
    expect(shown).not.toContain('fast')
    expect(shown).toContain('API_KEY: (redacted)')
    expect(shown).toContain('passwordVariable: KAFKA_PASSWORD')
    expect(shown).toContain('group: other')
    expect(shown).toContain('username: ann')
  })
})
