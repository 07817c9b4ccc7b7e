import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { EmailChannel } from '#lib/config/channel-schema.ts';
import { PrivateAddressError, type Resolve, resolvePublic } from '#lib/remote/guarded-lookup.ts';
import { DeliveryError } from './delivery-error.ts';
import { emailBody } from './email-body.ts';
import { plainLine } from './inert-text.ts';
import type { Delivery } from './notice.ts';

export interface EmailOptions {
  readonly password: string | null;
  readonly resolve?: Resolve | undefined;
}

const TIMEOUT = 10_000;
const MAX_SUBJECT = 200;

/**
 * Sends a message by SMTP (RFC 5321). Without `security: none` nothing is said before TLS is on. The server is connected to
 * by the address that was looked at; its certificate must be for the name that was configured.
 *
 * @throws {DeliveryError}
 */
export async function sendEmail(
  channel: EmailChannel,
  delivery: Delivery,
  { password, resolve }: EmailOptions,
): Promise<void> {
  const { host, port, security, from, to, user } = channel;
  try {
    const address = channel.allowPrivate ? host : (await resolvePublic(host, resolve))[0]?.address;
    const transport = createTransport({
      host: address ?? host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls: {
        ...(isIP(host) ? {} : { servername: host }),
        ...(channel.caFile === undefined ? {} : { ca: await readAuthorities(channel.caFile) }),
      },
      ...(user === undefined || password === null ? {} : { auth: { user, pass: password } }),
      connectionTimeout: TIMEOUT,
      greetingTimeout: TIMEOUT,
      socketTimeout: TIMEOUT,
      dnsTimeout: TIMEOUT,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      await transport.sendMail({ ...emailOf(delivery, from), from, to: [...to] });
    } finally {
      transport.close();
    }
  } catch (error) {
    throw toDeliveryError(error, host);
  }
}

/** The message without its recipients. Subject and bodies hold nothing that could end a header or be taken for markup. */
export function emailOf(delivery: Delivery, from: string) {
  const { id, notice, organisation } = delivery;
  const [alert] = notice.alerts;
  const about = notice.total === 1 && alert ? `: ${alert.title}` : '';
  const subject = plainLine(`[${organisation}] ${notice.heading}${about}`).slice(0, MAX_SUBJECT).toWellFormed();
  return {
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    date: new Date(notice.at),
    subject,
    ...emailBody(delivery),
    // RFC 3834: no out-of-office answers to a machine.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

async function readAuthorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new DeliveryError(`The authorities in ${path} cannot be read: ${(error as Error).message}.`, 'maybe');
  }
}

/** Replies of servers repeat what was sent, addresses and all: their code is enough. */
function toDeliveryError(error: unknown, host: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof PrivateAddressError) return new DeliveryError(error.message, 'unlikely');
  const { code, responseCode, message } = error as { code?: unknown; responseCode?: unknown; message?: unknown };
  const what = typeof code === 'string' ? code : 'it failed';
  if (typeof responseCode === 'number') {
    const hope = responseCode >= 500 ? 'unlikely' : 'maybe';
    return new DeliveryError(`${host} refused the message with ${responseCode} (${what}).`, hope);
  }
  const isTls = code === 'ETLS' || (code === 'ESOCKET' && /certificate|TLS|SSL/i.test(String(message)));
  const hint = isTls ? ': STARTTLS or its certificate is at fault' : '';
  return new DeliveryError(`${host} cannot be reached by SMTP${hint} (${what}).`, isTls ? 'unlikely' : 'maybe');
}
