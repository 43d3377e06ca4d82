import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** PEM files of an authority of its own, a broker on 127.0.0.1 and a client, made by openssl. */
export interface Certificates {
  readonly ca: string
  /** Key and certificate in one file, as a broker takes its key store. */
  readonly broker: string
  readonly client: { readonly certificate: string; readonly key: string; readonly passphrase: string }
}

export async function makeCertificates(folder: string): Promise<Certificates> {
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) => execute('openssl', args, { cwd: folder })
  const passphrase = 'key-passphrase'
  await openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test authority'],
    ...['-keyout', 'ca.key', '-out', 'ca.pem'],
  )
  await writeFile(at('broker.ext'), 'subjectAltName=IP:127.0.0.1,DNS:kafka.test\n')
  await writeFile(at('client.ext'), 'extendedKeyUsage=clientAuth\n')
  for (const name of ['broker', 'client']) {
    await openssl(
      ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`],
    )
    await openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    )
  }
  await openssl(
    ...[
      'pkcs8',
      '-topk8',
      '-in',
      'client.key',
      '-out',
      'client.locked.key',
      '-passout',
      `pass:${passphrase}`,
    ],
  )
  const [key, certificate] = await Promise.all([readFile(at('broker.key')), readFile(at('broker.pem'))])
  await writeFile(at('broker.store.pem'), Buffer.concat([key, certificate]))
  return {
    ca: at('ca.pem'),
    broker: at('broker.store.pem'),
    client: { certificate: at('client.pem'), key: at('client.locked.key'), passphrase },
  }
}
