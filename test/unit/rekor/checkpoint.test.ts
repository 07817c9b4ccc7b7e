import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgeNotLarger, type KnownHead, proveGrowth, readCheckpoint } from '#lib/rekor/checkpoint.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const entry = (text: string) => (_: unknown, i: number) => Buffer.from(`${text} ${i}`);
const keys = generateKeyPairSync('ed25519');
const log = new MintedLog('log.example', keys).add(...Array.from({ length: 900 }, entry('entry')));
/** The same key and the same first 300 entries, but another history after them. */
const fork = new MintedLog('log.example', keys).add(
  ...log.entries.slice(0, 300),
  ...Array.from({ length: 600 }, entry('other')),
);

const followed = { origin: 'log.example', verifiers: [ed25519Verifier('log.example', log.rawKey)] };
const head = (size: number, of = log): KnownHead => ({
  size,
  root: of.root(size),
  note: of.checkpoint(size).toString(),
});
const codeIs = (code: string) => expect.objectContaining({ code });
const read = (size: number, of = log) => readCheckpoint(of.checkpoint(size), followed);

const reader = (source: MintedSource) => tileLogReader({ ...followed, source });

async function grow(from: KnownHead, size: number, of = log) {
  const checkpoint = read(size, of);
  const view = await reader(new MintedSource(of, size)).open(checkpoint);
  return proveGrowth(view, checkpoint, from);
}

describe('readCheckpoint', () => {
  it('takes the note that the log signed', () => {
    const { size, root, note } = read(900);
    expect({ size, root: Buffer.from(root), note }).toEqual({
      size: 900,
      root: Buffer.from(log.root()),
      note: log.checkpoint(900).toString(),
    });
  });

  it('refuses the checkpoint of another log, though properly signed', () => {
    const other = new MintedLog('other.example').add(Buffer.from('x'));
    expect(() => readCheckpoint(other.checkpoint(), followed)).toThrowError(codeIs('bad-signature'));
    const claimed = log.checkpoint(900, { origin: 'other.example' });
    expect(() => readCheckpoint(claimed, followed)).toThrowError(expect.objectContaining({ code: 'wrong-origin' }));
  });

  it('refuses a note whose signature under the known key is bad, and keeps what it received', () => {
    const note = log.checkpoint(900).toString().replace('900', '901');
    expect(() => readCheckpoint(Buffer.from(note), followed)).toThrowError(
      expect.objectContaining({ code: 'bad-signature', evidence: { received: Buffer.from(note).toString('base64') } }),
    );
  });

  it.each(['', 'log.example\n900\n', '<html></html>', '\0'.repeat(100)])('refuses %j as no note', (text) => {
    expect(() => readCheckpoint(Buffer.from(text), followed)).toThrowError(
      expect.objectContaining({ code: 'malformed-note' }),
    );
  });
});

describe('proveGrowth', () => {
  it.each([0, 1, 255, 256, 300, 899, 900])('proves that 900 entries continue %i', async (size) => {
    await expect(grow(head(size), 900)).resolves.toBeInstanceOf(Array);
  });

  it('finds the fork, and gives both notes and the proof as evidence', async () => {
    await expect(grow(head(300), 900, fork)).resolves.toBeInstanceOf(Array);
    await expect(grow(head(600), 900, fork)).rejects.toMatchObject({
      code: 'inconsistent',
      isMisbehaviour: true,
      evidence: { held: log.checkpoint(600).toString(), received: fork.checkpoint(900).toString() },
    });
  });
});

describe('judgeNotLarger', () => {
  const judge = (size: number, known: KnownHead, of = log) =>
    judgeNotLarger(reader(new MintedSource(log, 900)), read(size, of), known);

  it('accepts the size we hold with the root we hold', async () => {
    await expect(judge(900, head(900))).resolves.toBeUndefined();
  });

  it('calls another root for the same size misbehaviour', async () => {
    await expect(judge(600, head(600), fork)).rejects.toMatchObject({ code: 'inconsistent' });
  });

  it('calls an older state of the same tree stale, not misbehaviour', async () => {
    await expect(judge(300, head(900))).rejects.toMatchObject({ code: 'smaller-tree', isMisbehaviour: false });
  });

  it('calls a smaller tree with another past misbehaviour', async () => {
    await expect(judge(600, head(900), fork)).rejects.toMatchObject({ code: 'inconsistent' });
  });

  it('does not guess where the tiles do not tell', async () => {
    const source = new MintedSource(log, 900);
    source.tamper = () => Buffer.from('gone');
    await expect(judgeNotLarger(reader(source), read(300), head(900))).rejects.toMatchObject({
      code: 'smaller-tree',
    });
  });
});
