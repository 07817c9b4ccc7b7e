import { clientAddress } from '#lib/http/client-address.ts';
import { formatCookie, readCookie } from '#lib/http/session-cookie.ts';
import type { Visitor } from '#lib/services/access/visitor.ts';
import { isSecure, SESSION_COOKIE } from './asker.ts';
import { type WebConfig, webConfig } from './configuration.ts';
import { FormRefusedError } from './local-form.ts';

/** The browser that wants to sign in, as far as it can be told from others. @throws {FormRefusedError} without a configuration. */
export function visitorOf(headers: Headers): Visitor {
  const config = configOrRefuse();
  const { sessions, proxies } = config.access;
  const address = clientAddress(headers, proxies);
  return {
    pauseKey: address === null ? { kind: 'everybody', of: '' } : { kind: 'address', of: address },
    session: {
      agent: headers.get('User-Agent') ?? '',
      lifetime: sessions.lifetime,
      before: readCookie(headers, SESSION_COOKIE, isSecure(config)),
    },
  };
}

/** The Set-Cookie that makes a browser the holder of a session. */
export function sessionCookie(secret: string): string {
  const config = configOrRefuse();
  const maxAge = Math.floor(config.access.sessions.lifetime / 1000);
  return formatCookie({ name: SESSION_COOKIE, value: secret, maxAge, isSecure: isSecure(config) });
}

/** The Set-Cookie that takes it away again. */
export function noSessionCookie(): string {
  return formatCookie({ name: SESSION_COOKIE, value: '', maxAge: 0, isSecure: isSecure(configOrRefuse()) });
}

/** @throws {FormRefusedError} where no configuration could be read: nobody signs in then. */
export function configOrRefuse(): WebConfig {
  const config = webConfig();
  if (config !== null) return config;
  throw new FormRefusedError(
    503,
    'The configuration cannot be read, so that nobody can sign in. The console says why.',
  );
}
