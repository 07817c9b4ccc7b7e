import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { channelSchema } from '#lib/config/channel-schema.ts';
import { deliver } from '#lib/notify/deliver.ts';
import { sendEmail } from '#lib/notify/email.ts';
import { mintTls } from '#test/support/mint-tls.ts';
import { alertOf, deliveryOf, HOSTILE, hostileAlert } from './support.ts';

const HOST = 'smtp.models.example';
const tls = mintTls(HOST);
const folder = mkdtempSync(join(tmpdir(), 'modeltrail-smtp-'));
const caFile = join(folder, 'ca.pem');

interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly user: string | null;
  readonly raw: string;
}

let taken: Taken[] = [];
let server: SMTPServer | null = null;

beforeAll(() => writeFileSync(caFile, tls.cert));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = null;
  taken = [];
});

async function listen(options: SMTPServerOptions = {}): Promise<number> {
  const started = new SMTPServer({
    ...tls,
    authOptional: true,
    ...options,
    onAuth: ({ username, password }, _, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('wrong password: secret of the server')),
    onData: (stream, session, done) => {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          isSecure: session.secure,
          user: typeof session.user === 'string' ? session.user : null,
          raw: Buffer.concat(pieces).toString(),
        });
        done();
      });
    },
  });
  started.on('error', () => undefined);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return (started.server.address() as AddressInfo).port;
}

function channel(port: number, overrides: object = {}) {
  const parsed = channelSchema.parse({
    kind: 'email',
    name: 'soc-mail',
    from: 'modeltrail@models.example',
    to: ['security@models.example', 'release@models.example'],
    host: HOST,
    port,
    'ca-file': caFile,
    ...overrides,
  });
  if (parsed.kind !== 'email') throw new Error('no e-mail channel');
  return parsed;
}

/** The name of the server leads to the loopback, as if it were on the public network. */
const send = (port: number, delivery = deliveryOf([alertOf()]), overrides: object = {}) =>
  sendEmail({ ...channel(port, overrides), host: HOST }, delivery, { password: null, resolve: toLoopback });

const toLoopback = async () => [{ address: '127.0.0.1', family: 4 }];

/** Lines of the head, unfolded. */
function headOf(raw: string): string[] {
  return (raw.split('\r\n\r\n')[0] ?? '').replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
}

describe('an e-mail', () => {
  it('is not sent to a private address that was not allowed, whatever its name', async () => {
    const port = await listen();
    await expect(send(port)).rejects.toMatchObject({
      hope: 'unlikely',
      message: expect.stringContaining('public network'),
    });
    expect(taken).toEqual([]);
  });
});

/** `allow-private` resolves by the system; tests have no such name, so that the address itself is the host here. */
describe('an e-mail to an allowed server', () => {
  const local = mintTls('127.0.0.1');
  const localCa = join(folder, 'local.pem');
  beforeAll(() => writeFileSync(localCa, local.cert));
  const allowed = { host: '127.0.0.1', 'allow-private': true, 'ca-file': localCa };
  const sendTo = (port: number, delivery = deliveryOf([alertOf()]), overrides: object = {}, environment = {}) =>
    deliver(channel(port, { ...allowed, ...overrides }), delivery, { environment, now: Date.now() });

  it('is sent over STARTTLS, in plain text and HTML that say the same', async () => {
    const port = await listen(local);
    await sendTo(port);
    expect(taken).toMatchObject([
      {
        from: 'modeltrail@models.example',
        to: ['security@models.example', 'release@models.example'],
        isSecure: true,
      },
    ]);
    const { raw = '' } = taken[0] ?? {};
    const head = headOf(raw);
    expect(head).toContain(
      'Subject: [Models Example] High: Unclaimed signing: release-bot@models.example signed what nobody has shown',
    );
    expect(head).toContain(`Message-ID: <msg_${'0'.repeat(32)}@models.example>`);
    expect(head).toContain('Auto-Submitted: auto-generated');
    expect(raw).toContain('text/plain');
    expect(raw).toContain('text/html');
    expect(raw.match(/Ask who holds the identity/g)).toHaveLength(2);
  });

  it('is not sent where the server offers no STARTTLS, unless that is allowed', async () => {
    const port = await listen({ ...local, hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    await expect(sendTo(port)).rejects.toMatchObject({ name: 'DeliveryError' });
    expect(taken).toEqual([]);
    await sendTo(port, undefined, { security: 'none' });
    expect(taken).toMatchObject([{ isSecure: false }]);
  });

  it('is not sent to a server with a certificate that nobody vouches for', async () => {
    const port = await listen(mintTls('127.0.0.1'));
    await expect(sendTo(port)).rejects.toMatchObject({ message: expect.stringContaining('certificate is at fault') });
    expect(taken).toEqual([]);
  });

  it('is not sent to a server with a certificate for another name', async () => {
    const other = mintTls('other.example');
    writeFileSync(join(folder, 'other.pem'), other.cert);
    const port = await listen(other);
    await expect(sendTo(port, undefined, { 'ca-file': join(folder, 'other.pem') })).rejects.toThrow(
      'cannot be reached',
    );
    expect(taken).toEqual([]);
  });

  it('is sent over TLS from the first byte', async () => {
    const port = await listen({ ...local, secure: true });
    await sendTo(port, undefined, { security: 'tls' });
    expect(taken).toMatchObject([{ isSecure: true }]);
  });

  it('logs in with the password of its secret, and tells nobody of what the server said of it', async () => {
    const port = await listen({ ...local, authOptional: false });
    const login = { user: 'modeltrail', password: { env: 'MODELTRAIL_SMTP' } };
    await sendTo(port, undefined, login, { MODELTRAIL_SMTP: 'right' });
    expect(taken).toMatchObject([{ user: 'modeltrail' }]);
    const failing = sendTo(port, undefined, login, { MODELTRAIL_SMTP: 'guessed' });
    await expect(failing).rejects.toMatchObject({
      hope: 'unlikely',
      message: expect.not.stringMatching(/secret|guessed/),
    });
  });

  it.each(HOSTILE)('has no header, recipient or markup of a stranger: %j', async (hostile) => {
    const port = await listen(local);
    await sendTo(port, deliveryOf([hostileAlert(hostile)]));
    const [mail] = taken;
    expect(mail?.to).toEqual(['security@models.example', 'release@models.example']);
    const names = headOf(mail?.raw ?? '').map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
    expect([...names].sort()).toEqual(
      ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'].sort(),
    );
    const html = decoded(mail?.raw ?? '', 'text/html');
    expect(html).not.toMatch(/<(?:script|img|at|content)/i);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://modeltrail.models.example/alerts/alr_0123456789abcdef01234567',
    ]);
  });
});

/** A part of a mail as people see it. */
function decoded(raw: string, type: string): string {
  const [head = '', ...rest] = (
    raw.split(/\r\n--[^\r]+/).find((part) => part.includes(`Content-Type: ${type}`)) ?? ''
  ).split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (head.includes('base64')) return Buffer.from(body, 'base64').toString();
  if (!head.includes('quoted-printable')) return body;
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
