import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '#lib/cli/command.ts';
import { readNewEntry } from '#lib/cli/trainlog-entries.ts';
import { type NewEntry, TrainingLogFile } from '#lib/cli/trainlog-file.ts';
import { appendStream } from '#lib/cli/trainlog-stream.ts';
import { readTrainingLog } from '#lib/training-log/read.ts';
import { sealOf } from '#lib/training-log/seal.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { sigstore } from '#test/unit/http/scene.ts';
import { mintTrainingLog } from '#test/unit/training-log/mint-log.ts';
import { signTrainingProvenance } from '#test/unit/training-log/sign-provenance.ts';
import { runCli } from './run-cli.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let said: string[];

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'run.jsonl');
  said = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

const event = (text: string): NewEntry => ({ kind: 'event', text });
const read = () => readTrainingLog(readFileSync(path));
const texts = () => read().entries.map((entry) => (entry.kind === 'event' ? entry.text : entry.kind));

async function append(entries: readonly NewEntry[], adopt = false) {
  const log = await TrainingLogFile.open(path, { run: 'r', adopt });
  try {
    for (const entry of entries) log.take(entry);
    await log.flush();
    return log.tree;
  } finally {
    await log.close();
  }
}

describe('appending to a training log', () => {
  it('goes on where it ended, and always knows the root', async () => {
    for (const text of ['a', 'b', 'c']) {
      const { size, root } = await append([event(text)]);
      expect({ size, root }).toEqual({ size: read().entries.length + 1, root: read().root });
    }
    expect(texts()).toEqual(['a', 'b', 'c']);
    expect(said).toEqual([]);
  });

  it('refuses a log of which a line was changed behind its back, and leaves both files as they are', async () => {
    await append([event('a'), event('b')]);
    const changed = readFileSync(path, 'utf8').replace('"a"', '"x"');
    writeFileSync(path, changed);
    const state = readFileSync(`${path}.state`, 'utf8');
    await expect(append([event('c')])).rejects.toMatchObject({ code: 'changed' });
    expect([readFileSync(path, 'utf8'), readFileSync(`${path}.state`, 'utf8')]).toEqual([changed, state]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('refuses a log of which lines were taken away', async () => {
    await append([event('a'), event('b')]);
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, 2);
    writeFileSync(path, `${lines.join('\n')}\n`);
    await expect(append([event('c')])).rejects.toMatchObject({ code: 'changed' });
  });

  it('refuses a log whose state is lost or broken, until it is adopted', async () => {
    await append([event('a')]);
    rmSync(`${path}.state`);
    await expect(append([event('b')])).rejects.toThrow(/--adopt/);
    writeFileSync(`${path}.state`, '{"format":1}');
    await expect(append([event('b')])).rejects.toThrow(/--adopt/);
    await append([event('b')], true);
    expect(texts()).toEqual(['a', 'b']);
  });

  it('after a crash keeps whole lines, cuts a torn one, and says both, wherever it was torn', async () => {
    await append([event('a')]);
    const [content, state] = [readFileSync(path), readFileSync(`${path}.state`)];
    await append([event('b'), event('c')]);
    const whole = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: content.length, max: whole.length }), async (length) => {
        writeFileSync(path, whole.subarray(0, length));
        writeFileSync(`${path}.state`, state);
        said.length = 0;
        const kept = whole.subarray(0, length).toString().split('\n').length - 1;
        await append([event('d')]);
        expect(read().entries).toHaveLength(kept);
        expect(texts().at(-1)).toBe('d');
        const isTorn = whole[length - 1] !== 0x0a;
        expect(said.some((line) => line.includes('cut off'))).toBe(isTorn);
        expect(said.some((line) => line.includes('after a crash'))).toBe(kept > 2);
      }),
      { numRuns: 40 },
    );
  });

  it('lets one writer in at a time, and takes over from one that was killed', async () => {
    const log = await TrainingLogFile.open(path, { run: 'r', adopt: false });
    await expect(append([event('b')])).rejects.toThrow(/Another writer/);
    await log.close();
    writeFileSync(`${path}.lock`, `${process.pid} another-machine.example\n`);
    await expect(append([event('b')])).rejects.toThrow(/Another writer/);
    // No process has the largest id that Linux can be set to give.
    writeFileSync(`${path}.lock`, `4194304 ${hostname()}\n`);
    await append([event('b')]);
    expect(texts()).toEqual(['b']);
    expect(said.join()).toContain('taken over');
  });

  it('stops where somebody else writes to the file meanwhile', async () => {
    const log = await TrainingLogFile.open(path, { run: 'r', adopt: false });
    log.take(event('a'));
    appendFileSync(path, '{"seq":1}\n');
    await expect(log.flush()).rejects.toMatchObject({ code: 'changed' });
    await log.close();
  });

  it('writes nothing behind a seal', async () => {
    const log = await TrainingLogFile.open(path, { run: 'r', adopt: false });
    log.takeRoot('seal');
    expect(() => log.take(event('a'))).toThrow(/sealed/);
    await log.flush();
    await log.close();
    await expect(append([event('a')])).rejects.toMatchObject({ code: 'behind-seal' });
  });

  it('takes from a stream what is good, tells what is not, and goes on', async () => {
    const log = await TrainingLogFile.open(path, { run: 'r', adopt: false });
    const input = [
      '{"kind":"event","text":"a"}',
      '{"kind":"event"',
      '',
      '{"kind":"seal","size":1,"root":"x"}',
      '{"kind":"metric","values":{"loss":"low"}}',
      '{"seq":9,"kind":"event","text":"x"}',
      '{"kind":"event","text":"b"}',
    ].join('\n');
    const roots: number[] = [];
    const pieces = (async function* () {
      for (let at = 0; at < input.length; at += 7) yield Buffer.from(input.slice(at, at + 7));
    })();
    const refused = await appendStream(log, pieces, { rootEvery: 2, onRoot: () => roots.push(log.tree.size) });
    await log.close();
    expect(refused).toBe(4);
    expect(texts()).toEqual(['a', 'b', 'root']);
    expect(roots).toEqual([4]);
    expect(said).toHaveLength(4);
    expect(said[0]).toMatch(/^Line 2 of the input was refused/);
  });

  it('reads entries strictly', () => {
    for (const text of ['', '[]', '1', '{}', '{"kind":1}', '{"kind":"a","kind":"b"}', '{"kind":"root"}'])
      expect(() => readNewEntry(Buffer.from(text)), text).toThrow(UsageError);
  });
});

describe('modeltrail trainlog', () => {
  it('hands a sealed log in as it is, and says why a server refuses it', async () => {
    await append([event('a')]);
    const tokenFile = join(folder.path, 'token');
    writeFileSync(tokenFile, `mt_${'A'.repeat(43)}\n`, { mode: 0o600 });
    const answers = [
      { status: 422, body: JSON.stringify({ code: 'wrong-root', detail: 'Line 2 was changed.' }) },
      { status: 200, body: JSON.stringify({ id: 'trl_1' }) },
    ];
    const got: Buffer[] = [];
    const server = createServer((incoming, outgoing) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        got.push(Buffer.concat(parts));
        const { status, body } = answers.shift() ?? { status: 500, body: '' };
        outgoing.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const seal = ['trainlog', 'seal', path, '--server', url, '--token-file', tokenFile];
    expect(await runCli(seal)).toMatchObject({ code: 1, stdout: expect.stringContaining('Line 2 was changed.') });
    expect(await runCli(seal)).toMatchObject({ code: 0, stdout: expect.stringContaining('trl_1') });
    server.close();
    expect(got).toEqual([readFileSync(path), readFileSync(path)]);
    expect(read().seal?.size).toBe(2);
  }, 60_000);

  it('appends, seals, and verifies against an earlier receipt', async () => {
    const first = ['trainlog', 'append', path, '--metric', 'loss=0.5', '--step', '1', '--receipt'];
    const receipt = join(folder.path, 'receipt.json');
    writeFileSync(receipt, (await runCli(first)).stdout);
    writeFileSync(join(folder.path, 'weights.bin'), 'weights');
    const checkpoint = await runCli(['trainlog', 'append', path, '--checkpoint', join(folder.path, 'weights.bin')]);
    expect(checkpoint).toMatchObject({ code: 0, stderr: '' });
    const sealed = await runCli(['trainlog', 'seal', path, '--json']);
    expect(JSON.parse(sealed.stdout)).toMatchObject({
      run: 'run.jsonl',
      byproduct: { name: 'training-log', digest: { sha256: read().sha256 }, annotations: { treeSize: 3 } },
      handedIn: null,
    });
    const good = await runCli(['trainlog', 'verify', path, '--receipt', receipt]);
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('it agrees') });
    const after = await runCli(['trainlog', 'append', path, '--event', 'more']);
    expect(after).toMatchObject({ code: 2, stderr: expect.stringContaining('sealed') });
  }, 60_000);

  it('tells that a log was written anew, though every line of it is good', async () => {
    const receipt = join(folder.path, 'receipt.json');
    const { size, root } = await append([event('a')]);
    writeFileSync(receipt, JSON.stringify({ size, root }));
    rmSync(path);
    rmSync(`${path}.state`);
    await append([event('another a')]);
    const run = await runCli(['trainlog', 'verify', path, '--receipt', receipt, '--json']);
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'refused', comparisons: [{ with: receipt }] });
  }, 60_000);

  it('holds a log against signed provenance that names it, and tells another one', async () => {
    const files = { root: join(folder.path, 'root.json'), bundle: join(folder.path, 'bundle.json') };
    const log = mintTrainingLog([{ kind: 'event', text: 'a' }]);
    writeFileSync(path, log.bytes);
    writeFileSync(files.root, JSON.stringify(sigstore.trustedRoot));
    const verify = ['trainlog', 'verify', path, '--attestation', files.bundle, '--trusted-root', files.root];
    const seal = sealOf(readTrainingLog(log.bytes));
    writeFileSync(files.bundle, signTrainingProvenance('a'.repeat(64), seal, 3));
    expect(await runCli(verify)).toMatchObject({ code: 0, stdout: expect.stringContaining('it agrees') });
    writeFileSync(files.bundle, signTrainingProvenance('a'.repeat(64), { ...seal, root: 'b'.repeat(64) }, 4));
    expect(await runCli(verify)).toMatchObject({ code: 1, stdout: expect.stringContaining('another log') });
    const forged = JSON.parse(signTrainingProvenance('a'.repeat(64), seal, 5).toString());
    forged.dsseEnvelope.signatures[0].sig = Buffer.alloc(70, 1).toString('base64');
    writeFileSync(files.bundle, JSON.stringify(forged));
    expect(await runCli(verify)).toMatchObject({ code: 1, stdout: expect.stringContaining('attestation is refused') });
  }, 60_000);

  it.each([
    [['append', 'x'], /Say what to append/],
    [['append', 'x', '--metric', 'loss'], /NAME=NUMBER/],
    [['append', 'x', '--metric', 'loss=nan'], /NAME=NUMBER/],
    [['verify', 'x'], /cannot be opened/],
    [['seal', 'x'], /cannot be opened/],
    [['verify', 'x', '--size', '3'], /both --root and --size/],
  ])(
    'says what is wrong with %j',
    async (args, message) => {
      const run = await runCli(['trainlog', ...args], folder.path);
      expect(run.code).toBe(2);
      expect(run.stderr).toMatch(message);
    },
    60_000,
  );
});
