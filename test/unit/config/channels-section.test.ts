import { describe, expect, it } from 'vitest';
import { composeConfig } from '#lib/config/compose.ts';
import { fillItemForm } from '#lib/config/fill-item-form.ts';
import { parseConfig } from '#lib/config/load.ts';
import { readItemForm } from '#lib/config/read-item-form.ts';
import type { WrittenItem } from '#lib/config/setting-section.ts';
import { SETTING_SECTIONS } from '#lib/config/setting-sections.ts';

const YAML = `organisation: { name: Models Example, contact: security@models.example }
alerts:
  channels:
    - { name: pager, kind: hook, command: /usr/local/bin/page }
  routes:
    - { name: grave, severity: critical, channels: [pager] }
`;
const file = parseConfig(Buffer.from(YAML), '/etc/modeltrail/modeltrail.yaml');
const MAIL = {
  kind: 'email',
  from: 'modeltrail@models.example',
  to: ['security@models.example'],
  host: 'smtp.models.example',
};

const stored = (section: string, name: string, value: object) => {
  return { section, name, value: JSON.stringify({ name, ...value }), enabled: true, revision: 1 };
};

function problemOf(channel: object): string {
  const { setAside, config } = composeConfig(file, [stored('channels', 'c', channel)]);
  expect(config.alerts.channels).toHaveLength(setAside.length === 0 ? 2 : 1);
  return setAside
    .flatMap(({ problems }) => problems.map(({ path, message }) => `${path.join('.')} ${message}`))
    .join('; ');
}

describe('channels and routes that were set in a browser', () => {
  it('stand behind those of the file, and routes find channels of either', () => {
    const { config, setAside } = composeConfig(file, [
      stored('channels', 'mail', MAIL),
      stored('routes', 'all', { channels: ['mail', 'pager'], kinds: ['impersonation'], digest: 'daily' }),
    ]);
    expect(setAside).toEqual([]);
    expect(config.alerts.channels.map(({ name }) => name)).toEqual(['pager', 'mail']);
    expect(config.alerts.routes.map(({ name, channels }) => [name, channels])).toEqual([
      ['grave', ['pager']],
      ['all', ['mail', 'pager']],
    ]);
  });

  it('are set aside where their channel is gone, and those of the file go on', () => {
    const { config, setAside } = composeConfig(file, [stored('routes', 'all', { channels: ['mail'] })]);
    expect(config.alerts).toEqual(file.config.alerts);
    expect(setAside).toMatchObject([
      { name: 'all', problems: [{ path: ['channels', 0], message: '"mail" is no channel' }] },
    ]);
  });

  it.each([
    [{ kind: 'hook', command: '/bin/sh' }, /kind is for the file alone.*command names a program/],
    [{ kind: 'slack', address: { env: 'MODELTRAIL_TOKEN' } }, /address names a file or a variable/],
    [{ kind: 'webhook', url: 'https://a.example', secrets: [{ file: '/etc/shadow' }] }, /secrets name files/],
    [{ ...MAIL, user: 'u', password: { file: '/etc/shadow' } }, /user needs a password.*password names a file/],
    [{ ...MAIL, 'ca-file': '/etc/passwd' }, /ca-file names a file of the server/],
    [{ ...MAIL, 'allow-private': true }, /allow-private opens the network/],
    [{ ...MAIL, 'allow-private': false }, /allow-private opens the network/],
    [{ ...MAIL, host: '127.0.0.1' }, /host leads to an address/],
    [{ ...MAIL, host: '0x7f.1' }, /host leads to an address/],
    [{ ...MAIL, host: '2130706433' }, /host leads to an address/],
    [{ ...MAIL, host: 'mail' }, /host names a machine inside/],
    [{ ...MAIL, host: 'Mail.LOCAL' }, /host names a machine inside/],
    [{ ...MAIL, host: '::1' }, /host leads to an address/],
    [{ ...MAIL, security: 'none' }, /security lets anybody on the way read/],
    [{ ...MAIL, to: ['a@b.example\r\nBcc: c@d.example'] }, /is not a plain e-mail address/],
  ])('may not be %j', (channel, problem) => {
    expect(problemOf(channel)).toMatch(problem);
  });

  it('are what their forms were filled with', () => {
    const again = (section: 'channels' | 'routes', item: WrittenItem) => {
      const kind = SETTING_SECTIONS[section].kindOf(item);
      if (kind === null) throw new Error('there is no form');
      return readItemForm(kind, new URLSearchParams(fillItemForm(kind, item).toString()));
    };
    const mail = { name: 'mail', ...MAIL, port: 465, security: 'tls' };
    expect(again('channels', mail)).toEqual(mail);
    const route = {
      name: 'r',
      channels: ['mail'],
      severity: 'high',
      kinds: ['impersonation', 'look-alike'],
      rules: ['Release *'],
      models: ['north**', 'adapters/*'],
      digest: 'hourly',
      repeat: '24h',
      resolved: true,
    };
    expect(again('routes', route)).toEqual(route);
  });
});
