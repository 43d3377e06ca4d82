import process from 'node:process'

/**
 * What a program needs to find itself, its home and its language. The rest of our environment stays with us:
 * it holds the broker's password.
 */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR']

/** The part of our environment that a child gets. */
export function inheritedEnvironment(): Record<string, string> {
  const inherited: Record<string, string> = {}
  for (const name of INHERITED) {
    const value = process.env[name]
    if (value !== undefined) inherited[name] = value
  }
  return inherited
}
