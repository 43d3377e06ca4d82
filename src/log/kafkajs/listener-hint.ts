import type { ConnectionSecurity } from './connection-security.ts'

/** The words of Node and of the client for a broker's port that speaks otherwise than it is spoken to. */
const NO_TLS = /before secure TLS connection|wrong version number|packet length too long|record layer/i
const NO_LOGIN = /ILLEGAL_SASL_STATE/
/** A port that hangs up, or is not understood, when it is spoken to in the clear. */
const HUNG_UP = /closed connection|connection timeout|not connected|ECONNRESET|socket hang up/i

/**
 * What to look at when no broker has answered for this reason; empty where the reason says it all. Nobody but
 * the configuration knows what a port was taken for, and the errors do not say it.
 */
export function listenerHint(reason: string, { tls, login }: ConnectionSecurity): string {
  if (tls !== null && NO_TLS.test(reason)) {
    return '; is this the listener for TLS? kafka.security.protocol is one with ssl'
  }
  if (login !== null && NO_LOGIN.test(reason)) {
    return '; this listener takes no login: another port, or a kafka.security.protocol without sasl'
  }
  if (tls === null && HUNG_UP.test(reason)) {
    return '; if a broker listens there, does it ask for TLS? kafka.security.protocol is one without ssl'
  }
  return ''
}
