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

/** Everything that is logged, as the processes log it. */
function capture() {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  return { lines, onClientLog: (level: 'error' | 'warn', text: string) => logger[level](text) }
}

/** Writes a record and reads it back, over a connection of this kind. */
async function roundTrip(brokers: readonly string[], security: SecurityOptions, env = {}): Promise<string[]> {
  const log = await openKafkaLog({
    brokers,
    clientId: 'secure',
    connectTimeoutMs: 10_000,
    security: readSecurity(security, env),
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
    const jaas = 'org.apache.kafka.common.security'
    const listener = 'listener.name.secure'
    kafka = await startKafka({
      secure: {
        protocol: 'SASL_PLAINTEXT',
        scramUsers: [
          `SCRAM-SHA-256=[name=ann,password=${PASSWORD}]`,
          `SCRAM-SHA-512=[name=ann,password=${PASSWORD}]`,
        ],
      },
      settings: {
        [`${listener}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER',
        [`${listener}.plain.sasl.jaas.config`]: `${jaas}.plain.PlainLoginModule required user_ann="${PASSWORD}";`,
        [`${listener}.scram-sha-256.sasl.jaas.config`]: `${jaas}.scram.ScramLoginModule required;`,
        [`${listener}.scram-sha-512.sasl.jaas.config`]: `${jaas}.scram.ScramLoginModule required;`,
        [`${listener}.oauthbearer.sasl.jaas.config`]: `${jaas}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
      },
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
    const now = Math.floor(Date.now() / 1_000)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const token = (exp: number) => `${part({ alg: 'none' })}.${part({ sub: 'ann', iat: exp - 1_000, exp })}.`
    await writeFile(tokenFile, `${token(now + 600)}\n`)
    const security = login({ mechanism: 'oauthbearer', tokenFile })
    expect(await roundTrip(kafka.secureBrokers, security)).toEqual(['kept'])
    const expired = token(now - 600)
    await writeFile(tokenFile, expired)
    const { error, logged } = await refused(kafka.secureBrokers, security)
    expect(error).toMatchObject({ code: 'LOGIN_REFUSED' })
    expect(`${(error as Error).stack} ${logged}`).not.toContain(expired)
  })

  it('are refused where they do not log in at all', async () => {
    const { error } = await refused(kafka.secureBrokers, { tls: null, login: null })
    expect(error).toMatchObject({ code: 'BROKER_UNREACHABLE' })
  })
})

describeLocalKafka('connections that are encrypted', () => {
  let kafka: LocalKafka
  let folder: string
  let certificates: Certificates
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftstream-tls-'))
    certificates = await makeCertificates(folder)
    const listener = 'listener.name.secure.ssl'
    kafka = await startKafka({
      secure: { protocol: 'SSL' },
      settings: {
        [`${listener}.keystore.type`]: 'PEM',
        [`${listener}.keystore.location`]: certificates.broker,
        [`${listener}.truststore.type`]: 'PEM',
        [`${listener}.truststore.location`]: certificates.ca,
        [`${listener}.client.auth`]: 'required',
      },
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
