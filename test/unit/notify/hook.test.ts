import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelSchema, type HookChannel, networkChannelSchema } from '#lib/config/channel-schema.ts';
import { runHook } from '#lib/notify/hook.ts';
import { deliveryOf, HOSTILE, hostileAlert } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-hook-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  process.env.MODELTRAIL_HOOK_TEST_SECRET = 'secret of the jobs';
  return () => {
    delete process.env.MODELTRAIL_HOOK_TEST_SECRET;
  };
});

/** A program of the shell, which the hook starts without one. */
function hook(name: string, script: string, timeout = 5000): HookChannel {
  const command = join(folder, name);
  writeFileSync(command, `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  return { kind: 'hook', name, command, timeout };
}

const delivery = deliveryOf([hostileAlert('harmless')]);

describe('a hook', () => {
  it.each(HOSTILE)('gets the message as JSON on its input, and nothing of it anywhere else: %j', async (hostile) => {
    const out = join(folder, 'given');
    const sent = deliveryOf([hostileAlert(hostile)]);
    await runHook(hook('keep', `cat > ${out}; echo "$# $*" > ${out}.arguments; env > ${out}.environment`), sent);
    const given = JSON.parse(readFileSync(out, 'utf8'));
    expect(given).toMatchObject({
      type: 'alert.raised',
      data: { id: sent.id, alerts: [{ title: hostile.toWellFormed() }] },
    });
    expect(readFileSync(`${out}.arguments`, 'utf8').trim()).toBe('0');
    const environment = readFileSync(`${out}.environment`, 'utf8');
    expect(environment).toContain(`MODELTRAIL_MESSAGE_ID=${sent.id}`);
    expect(environment).not.toContain('secret of the jobs');
    const names = environment.split('\n').flatMap((line) => line.split('=')[0] || []);
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)).sort()).toEqual([
      'LANG',
      'MODELTRAIL_MESSAGE_ID',
      'NODE_ENV',
      'PATH',
    ]);
  });

  it('has failed where it does not end with 0, and what it printed is repeated nowhere', async () => {
    const failing = runHook(hook('fail', 'echo a secret >&2; exit 3'), delivery);
    await expect(failing).rejects.toMatchObject({ hope: 'maybe', message: expect.stringMatching(/ended with 3\.$/) });
    await expect(failing).rejects.not.toThrow('a secret');
  });

  it('need not read its input', async () => {
    await runHook(hook('deaf', 'exec 0<&-; exit 0'), deliveryOf([hostileAlert('x'.repeat(100_000))]));
  });

  it('is ended with all that it started where it takes too long', async () => {
    const late = join(folder, 'late');
    const slow = hook('slow', `(while :; do date > ${late}; done) & sleep 60`, 300);
    await expect(runHook(slow, delivery)).rejects.toThrow('did not end in time');
    rmSync(late, { force: true });
    // Whatever wrote the file is gone: it stays away.
    await runHook(hook('pause', 'sleep 0.2'), delivery);
    expect(existsSync(late)).toBe(false);
  });

  it('is ended where it writes without end', async () => {
    await expect(runHook(hook('loud', 'cat /dev/zero'), delivery)).rejects.toThrow('wrote too much');
  });

  it('is ended when the jobs stop', async () => {
    const stop = new AbortController();
    const running = runHook(hook('long', 'sleep 60'), delivery, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
  });

  it.each([
    ['a path that is not there', '/nowhere/hook', 'There is no program'],
    ['a folder', folder, 'There is no program'],
  ])('is no %s', async (_, command, message) => {
    await expect(runHook({ kind: 'hook', name: 'x', command, timeout: 1000 }, delivery)).rejects.toThrow(message);
  });

  it('that may not be run says so', async () => {
    const command = join(folder, 'plain');
    writeFileSync(command, 'no program');
    await expect(runHook({ kind: 'hook', name: 'x', command, timeout: 1000 }, delivery)).rejects.toThrow(
      'cannot be started',
    );
  });

  it.each(['hook.sh', './hook.sh', '~/hook.sh', '/bin/a\0b', ''])(
    'is refused in the configuration as %j',
    (command) => {
      expect(channelSchema.safeParse({ kind: 'hook', name: 'x', command }).success).toBe(false);
    },
  );

  it('is no channel that can be made elsewhere than in the file', () => {
    expect(channelSchema.safeParse({ kind: 'hook', name: 'x', command: '/bin/true' }).success).toBe(true);
    expect(networkChannelSchema.safeParse({ kind: 'hook', name: 'x', command: '/bin/true' }).success).toBe(false);
  });
});
