import { type Fault, formatPath, quoteValue } from './fault.ts'
import { logsIn, MECHANISMS, usesTls } from './security-schema.ts'
import { isSection, valueAt } from './tree.ts'

const SECURITY = ['kafka', 'security']

/** What the protocol asks for and what does not go with it; values that are wrong alone are the schema's. */
export function securityFaults(tree: unknown): Fault[] {
  const protocol = valueAt(tree, [...SECURITY, 'protocol']) ?? 'plaintext'
  const has = (...path: string[]) => (valueAt(tree, [...SECURITY, ...path]) ?? undefined) !== undefined
  const fault = (path: string, expected: string): Fault => {
    const full = [...SECURITY, ...path.split('.')]
    return { path: formatPath(full), expected, got: quoteValue(valueAt(tree, full) ?? undefined) }
  }
  /** Both would be two secrets for one lock, none would be no secret. */
  const secretFault = (section: string, name: string, isNeeded: boolean): Fault[] => {
    const [file, variable] = [has(section, `${name}File`), has(section, `${name}Variable`)]
    if (file && variable)
      return [fault(`${section}.${name}File`, `nothing beside ${section}.${name}Variable`)]
    if (file || variable || !isNeeded) return []
    return [fault(`${section}.${name}Variable`, `${name}Variable or ${name}File`)]
  }

  const faults: Fault[] = []
  for (const [section, isUsed, protocols] of [
    ['tls', usesTls(protocol), 'ssl or sasl_ssl'],
    ['login', logsIn(protocol), 'sasl_plaintext or sasl_ssl'],
  ] as const) {
    const given = valueAt(tree, [...SECURITY, section])
    if (isUsed || !isSection(given) || Object.values(given).every((value) => value === null)) continue
    // Not quoted: whoever puts a secret where none belongs should not find it in a log.
    const path = formatPath([...SECURITY, section])
    const got = `a section beside the protocol ${quoteValue(protocol)}`
    faults.push({ path, expected: `nothing, or the protocol ${protocols}`, got })
  }
  if (usesTls(protocol)) {
    const [certificate, key] = [has('tls', 'certificateFile'), has('tls', 'keyFile')]
    if (certificate && !key) faults.push(fault('tls.keyFile', 'the key of tls.certificateFile'))
    if (key && !certificate) faults.push(fault('tls.certificateFile', 'the certificate of tls.keyFile'))
    faults.push(...secretFault('tls', 'keyPassphrase', false))
  }
  if (!logsIn(protocol)) return faults
  const mechanism = valueAt(tree, [...SECURITY, 'login', 'mechanism'])
  if (!has('login', 'mechanism')) faults.push(fault('login.mechanism', `one of ${MECHANISMS.join(', ')}`))
  else if (mechanism === 'oauthbearer') {
    if (!has('login', 'tokenFile')) faults.push(fault('login.tokenFile', 'a path, for oauthbearer'))
  } else {
    if (!has('login', 'username')) faults.push(fault('login.username', 'a name'))
    faults.push(...secretFault('login', 'password', true))
  }
  return faults
}
