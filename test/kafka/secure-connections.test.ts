import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSecurity } from '../../src/cli/read-security.ts'
import type { LoginOptions, SecurityOptions, TlsOptions } from '../../src/config/security-options.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import { type LocalKafka, startKafka } from '../../tools/kafka/local-kafka.ts'
import { collect, KEEP, record, textsOf } from '../conformance/log-fixture.ts'
import { type Certificates, makeCertificates } from '../support/certificates.ts'
import { describeLocalKafka } from '../support/local-kafka.ts'

const PASSWORD = 'correct-horse-battery'
const WRONG = 'wrong-horse-battery'

const JAAS = 'org.apache.kafka.common.security'
const LISTENER = 'listener.name.secure'
const SCRAM_USERS = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
  (name) => `${name}=[name=ann,password=${PASSWORD}]`,
)

/** A listener at which every mechanism may be used. */
const LOGINS = {
  [`${LISTENER}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
  [`${LISTENER}.plain.sasl.jaas.config`]: `${JAAS}.plain.PlainLoginModule required user_ann="${PASSWORD}";`,
  [`${LISTENER}.scram-sha-256.sasl.jaas.config`]: `${JAAS}.scram.ScramLoginModule required;`,
  [`${LISTENER}.scram-sha-512.sasl.jaas.config`]: `${JAAS}.scram.ScramLoginModule required;`,
  [`${LISTENER}.oauthbearer.sasl.jaas.config`]: `${JAAS}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
}

/** A listener with a certificate, that trusts those of one authority. */
function encryption(certificates: Certificates, clientAuth: 'none' | 'required') {
  return {
    [`${LISTENER}.ssl.keystore.type`]: 'PEM',
    [`${LISTENER}.ssl.keystore.location`]: certificates.broker,
    [`${LISTENER}.ssl.truststore.type`]: 'PEM',
    [`${LISTENER}.ssl.truststore.location`]: certificates.ca,
    [`${LISTENER}.ssl.client.auth`]: clientAuth,
  }
}

/** Everything that is logged, as the processes log it. */
function capture() {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  return { lines, onClientLog: (level: 'error' | 'warn', text: string) => logger[level](text) }
}

/** Writes a record and reads it back, over a connection of this kind. */
async function roundTrip(
  brokers: readonly string[],
  security: SecurityOptions,
  env = {},
  onClientLog: ReturnType<typeof capture>['onClientLog'] = () => {},
): Promise<string[]> {
  const log = await openKafkaLog({
    brokers,
    clientId: 'secure',
    connectTimeoutMs: 20_000,
    security: readSecurity(security, env),
    onClientLog,
  })
  try {
    const topic = `secure-${process.pid}-${performance.now()}`
    await log.createTopics([{ topic, partitions: 1, settings: KEEP }])
    const producer = await log.openTransactional(topic)
    await producer.flush({ records: [record(topic, 0, 'kept')] })
    await producer.close()
    const [{ high } = { high: 0 }] = await log.offsets(topic)
    return textsOf(await collect(log.read([{ topic, partition: 0, from: 0, to: high }])))
  } finally {
    await log.close()
  }
}

async function refused(brokers: readonly string[], security: SecurityOptions, env = {}) {
  const { lines, onClientLog } = capture()
  const opened = openKafkaLog({
    brokers,
    clientId: 'refused',
    connectTimeoutMs: 4_000,
    security: readSecurity(security, env),
    onClientLog,
  })
  const error = await opened.then(
    (log) => log.close(),
    (reason: unknown) => reason,
  )
  return { error, logged: lines.join('') }
}

describeLocalKafka('connections that log in', () => {
  let kafka: LocalKafka
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftstream-secure-'))
    kafka = await startKafka({
      secure: { protocol: 'SASL_PLAINTEXT', scramUsers: SCRAM_USERS },
      settings: LOGINS,
    })
  }, 120_000)
  afterAll(async () => {
    await kafka?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const login = (options: LoginOptions): SecurityOptions => ({ tls: null, login: options })
  const byVariable = { kind: 'variable', name: 'KAFKA_PASSWORD' } as const

  describe.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)('by %s', (mechanism) => {
    const security = login({ mechanism, username: 'ann', password: byVariable })

    it('write and read', async () => {
      expect(await roundTrip(kafka.secureBrokers, security, { KAFKA_PASSWORD: PASSWORD })).toEqual(['kept'])
    })

    it('are refused with another password, which is logged nowhere', async () => {
      const { error, logged } = await refused(kafka.secureBrokers, security, { KAFKA_PASSWORD: WRONG })
      expect(error).toMatchObject({ code: 'LOGIN_REFUSED', fate: 'refuse-start' })
      expect(`${(error as Error).stack} ${JSON.stringify(error)} ${logged}`).not.toContain(WRONG)
    })
  })

  it('by a token of a file, and are refused by one that has expired', async () => {
    const tokenFile = join(folder, 'token')
    await writeFile(tokenFile, `${token(nowSeconds() + 600)}\n`)
    const security = login({ mechanism: 'oauthbearer', tokenFile })
    expect(await roundTrip(kafka.secureBrokers, security)).toEqual(['kept'])
    const expired = token(nowSeconds() - 600)
    await writeFile(tokenFile, expired)
    const { error, logged } = await refused(kafka.secureBrokers, security)
    expect(error).toMatchObject({ code: 'LOGIN_REFUSED' })
    expect(`${(error as Error).stack} ${logged}`).not.toContain(expired)
  })

  it('are refused where they do not log in at all', async () => {
    const { error } = await refused(kafka.secureBrokers, { tls: null, login: null })
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  })

  it('are told what a port was taken for, which takes no login or no TLS', async () => {
    const env = { KAFKA_PASSWORD: PASSWORD }
    const security = login({ mechanism: 'plain', username: 'ann', password: byVariable })
    const { error, logged } = await refused(kafka.brokers, security, env)
    expect(error).toMatchObject({ message: expect.stringContaining('this listener takes no login') })
    expectNoneOf([PASSWORD], `${shown(error)} ${logged}`)
    const files = {
      caFile: null,
      certificateFile: null,
      keyFile: null,
      keyPassphrase: null,
      serverName: null,
    }
    const encrypted = await refused(kafka.brokers, { tls: files, login: null })
    expect(encrypted.error).toMatchObject({
      code: 'BROKER_UNREACHABLE',
      message: expect.stringContaining('is this the listener for TLS?'),
    })
  })
})

/** A token without a signature, for a broker that asks for none. */
function token(exp: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ sub: 'ann', iat: exp - 1_000, exp })}.`
}

const nowSeconds = () => Math.floor(Date.now() / 1_000)

describeLocalKafka('connections that are encrypted', () => {
  let kafka: LocalKafka
  let folder: string
  let certificates: Certificates
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftstream-tls-'))
    certificates = await makeCertificates(folder)
    kafka = await startKafka({
      secure: { protocol: 'SSL' },
      settings: encryption(certificates, 'required'),
    })
  }, 120_000)
  afterAll(async () => {
    await kafka?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const tls = (change: Partial<TlsOptions> = {}): SecurityOptions => ({
    login: null,
    tls: {
      caFile: certificates.ca,
      certificateFile: certificates.client.certificate,
      keyFile: certificates.client.key,
      keyPassphrase: { kind: 'variable', name: 'KEY' },
      serverName: null,
      ...change,
    },
  })
  const env = () => ({ KEY: certificates.client.passphrase })

  it('write and read, with a certificate on both sides', async () => {
    expect(await roundTrip(kafka.secureBrokers, tls(), env())).toEqual(['kept'])
    expect(await roundTrip(kafka.secureBrokers, tls({ serverName: 'kafka.test' }), env())).toEqual(['kept'])
  })

  it('are told so where they are in the clear', async () => {
    const { error } = await refused(kafka.secureBrokers, { tls: null, login: null })
    expect(error).toMatchObject({ message: expect.stringContaining('does it ask for TLS?') })
  })

  it.each([
    ['an authority that is not trusted', { caFile: null }, /certificate/],
    ['another name than the certificate has', { serverName: 'other.test' }, /other\.test/],
    ['no certificate of their own', { certificateFile: null, keyFile: null }, /./],
  ])('are refused with %s', async (_, change, words) => {
    const { error, logged } = await refused(kafka.secureBrokers, tls(change), env())
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE', message: expect.stringMatching(words) })
    expect(`${(error as Error).stack} ${logged}`).not.toContain(certificates.client.passphrase)
  })
})

for (const clientAuth of ['none', 'required'] as const) {
  describeLocalKafka(
    `connections that are encrypted and log in, certificates of clients: ${clientAuth}`,
    () => {
      let kafka: LocalKafka
      let folder: string
      let certificates: Certificates
      let tokenFile: string
      beforeAll(async () => {
        folder = await mkdtemp(join(tmpdir(), 'driftstream-sasl-ssl-'))
        certificates = await makeCertificates(folder)
        tokenFile = join(folder, 'token')
        kafka = await startKafka({
          secure: { protocol: 'SASL_SSL', scramUsers: SCRAM_USERS },
          settings: { ...LOGINS, ...encryption(certificates, clientAuth) },
        })
      }, 120_000)
      afterAll(async () => {
        await kafka?.stop()
        await rm(folder, { recursive: true, force: true })
      })

      const scram = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'): LoginOptions => ({
        mechanism,
        username: 'ann',
        password: { kind: 'variable', name: 'KAFKA_PASSWORD' },
      })
      const bearer = (): LoginOptions => ({ mechanism: 'oauthbearer', tokenFile })
      const env = (password = PASSWORD) => ({ KAFKA_PASSWORD: password, KEY: certificates.client.passphrase })
      const own = () => ({
        certificateFile: certificates.client.certificate,
        keyFile: certificates.client.key,
        keyPassphrase: { kind: 'variable', name: 'KEY' } as const,
      })
      const nobody = { certificateFile: null, keyFile: null, keyPassphrase: null }
      const over = (login: LoginOptions, change: Partial<TlsOptions> = {}): SecurityOptions => ({
        login,
        tls: {
          caFile: certificates.ca,
          serverName: null,
          ...(clientAuth === 'required' ? own() : nobody),
          ...change,
        },
      })

      it.each(['plain', 'scram-sha-256', 'scram-sha-512'] as const)(
        'write and read by %s',
        async (mechanism) => {
          const { lines, onClientLog } = capture()
          const security = over(scram(mechanism))
          expect(await roundTrip(kafka.secureBrokers, security, env(), onClientLog)).toEqual(['kept'])
          expectNoneOf([PASSWORD, certificates.client.passphrase], lines.join(''))
        },
      )

      it('write and read by a token', async () => {
        const { lines, onClientLog } = capture()
        const good = token(nowSeconds() + 600)
        await writeFile(tokenFile, good)
        expect(await roundTrip(kafka.secureBrokers, over(bearer()), env(), onClientLog)).toEqual(['kept'])
        expectNoneOf([good, certificates.client.passphrase], lines.join(''))
      })

      it.each(['plain', 'scram-sha-512'] as const)(
        'are refused by %s with another password',
        async (mechanism) => {
          const { error, logged } = await refused(kafka.secureBrokers, over(scram(mechanism)), env(WRONG))
          expect(error).toMatchObject({ code: 'LOGIN_REFUSED', fate: 'refuse-start' })
          expectNoneOf([WRONG, certificates.client.passphrase], `${shown(error)} ${logged}`)
        },
      )

      it('are refused with a token that has expired', async () => {
        const expired = token(nowSeconds() - 600)
        await writeFile(tokenFile, expired)
        const { error, logged } = await refused(kafka.secureBrokers, over(bearer()), env())
        expect(error).toMatchObject({ code: 'LOGIN_REFUSED' })
        expectNoneOf([expired, certificates.client.passphrase], `${shown(error)} ${logged}`)
      })

      it('do not log in at a broker whose certificate they do not trust', async () => {
        const security = over(scram('plain'), { caFile: null })
        const { error, logged } = await refused(kafka.secureBrokers, security, env())
        expect(error).toMatchObject({
          code: 'BROKER_UNREACHABLE',
          message: expect.stringMatching(/certificate/),
        })
        expectNoneOf([PASSWORD, certificates.client.passphrase], `${shown(error)} ${logged}`)
      })

      if (clientAuth !== 'required') return

      it('need their certificate as well as their password', async () => {
        const { error, logged } = await refused(
          kafka.secureBrokers,
          over(scram('scram-sha-512'), nobody),
          env(),
        )
        expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
        expectNoneOf([PASSWORD], `${shown(error)} ${logged}`)
      })

      it('need their password as well as their certificate', async () => {
        const { error } = await refused(kafka.secureBrokers, { ...over(bearer()), login: null }, env())
        expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
      })
    },
  )
}

function shown(error: unknown): string {
  return `${(error as Error).stack} ${JSON.stringify(error)}`
}

function expectNoneOf(secrets: readonly string[], text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret)
}
