import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readRegistryAccess, readSecurity } from '../../../src/cli/read-security.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftstream-security-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const AUTHORITY = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const files = { caFile: null, certificateFile: null, keyFile: null, keyPassphrase: null, serverName: null }
const plain = (password: { kind: 'file'; path: string } | { kind: 'variable'; name: string }) => ({
  tls: null,
  login: { mechanism: 'plain', username: 'ann', password } as const,
})

describe('readSecurity', () => {
  it('reads files and variables, and leaves out what is not named', async () => {
    const path = join(folder, 'secret')
    await writeFile(path, 'hunter2\n')
    expect(readSecurity({ tls: null, login: null }, {})).toEqual({ tls: null, login: null })
    expect(readSecurity(plain({ kind: 'file', path }), {}).login).toMatchObject({ password: 'hunter2' })
    const variable = plain({ kind: 'variable', name: 'P' })
    expect(readSecurity(variable, { P: 'x y' }).login).toMatchObject({ username: 'ann', password: 'x y' })
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, AUTHORITY)
    const tls = {
      ...files,
      caFile,
      keyPassphrase: { kind: 'file', path },
      serverName: 'kafka',
    } as const
    expect(readSecurity({ tls, login: null }, {}).tls).toEqual({
      ca: AUTHORITY,
      keyPassphrase: 'hunter2',
      serverName: 'kafka',
    })
  })

  it('refuses a certificate that is none, without a word of what it holds', async () => {
    const path = join(folder, 'ca.der')
    await writeFile(path, 'hunter2')
    for (const file of ['caFile', 'certificateFile', 'keyFile']) {
      expect(() => readSecurity({ tls: { ...files, [file]: path }, login: null }, {})).toThrow(
        expect.objectContaining({
          code: 'CONFIG_UNREADABLE',
          message: `expected a certificate or key in PEM (-----BEGIN …) at ${path}, got 7 characters without one`,
        }),
      )
    }
  })

  it('reads a token anew at every login', async () => {
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, 'first\n')
    const { login } = readSecurity({ tls: null, login: { mechanism: 'oauthbearer', tokenFile } }, {})
    if (login?.mechanism !== 'oauthbearer') throw new Error('expected a token')
    expect(await login.token()).toBe('first')
    await writeFile(tokenFile, 'second')
    expect(await login.token()).toBe('second')
  })

  it('says which file or variable is missing', () => {
    const path = join(folder, 'absent')
    const refusal = (what: string) =>
      expect.objectContaining({ code: 'CONFIG_UNREADABLE', message: expect.stringContaining(what) })
    expect(() => readSecurity(plain({ kind: 'file', path }), {})).toThrow(refusal(path))
    const unset = 'expected a secret in the environment variable P, which is not set'
    const others = { OTHER: 'hunter2' }
    expect(() => readSecurity(plain({ kind: 'variable', name: 'P' }), others)).toThrow(
      expect.objectContaining({ message: unset, context: { variable: 'P' } }),
    )
    expect(() => readSecurity({ tls: { ...files, caFile: path }, login: null }, {})).toThrow(refusal(path))
    const token = { tls: null, login: { mechanism: 'oauthbearer', tokenFile: path } } as const
    expect(() => readSecurity(token, {})).toThrow(refusal(path))
  })
})

describe('readRegistryAccess', () => {
  const base = {
    url: 'https://r',
    caFile: null,
    requestTimeLimitMs: 5,
    outageMaxMs: 1,
    unknownWaitMs: 1,
    cacheMax: 10,
  }

  it('reads a password and a certificate once, and a token at every request', async () => {
    const path = join(folder, 'secret')
    await writeFile(path, 'one\n')
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, AUTHORITY)
    const password = { kind: 'file', path } as const
    const named = { kind: 'password', username: 'ann', password } as const
    expect(readRegistryAccess({ ...base, login: named, caFile }, {})).toEqual({
      url: 'https://r',
      requestTimeLimitMs: 5,
      ca: AUTHORITY,
      login: { username: 'ann', password: 'one' },
    })
    const { login } = readRegistryAccess({ ...base, login: { kind: 'token', tokenFile: path } }, {})
    const token = (login as { token: () => Promise<string> }).token
    expect(await token()).toBe('one')
    await writeFile(path, 'two\n')
    expect(await token()).toBe('two')
  })

  it('refuses a secret that is not there', () => {
    const login = { kind: 'token', tokenFile: join(folder, 'none') } as const
    expect(() => readRegistryAccess({ ...base, login }, {})).toThrow('expected a file at')
  })
})
