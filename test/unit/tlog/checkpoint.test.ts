import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '#lib/tlog/checkpoint.ts';
import { cosignatureVerifier } from '#lib/tlog/cosignature.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { EMPTY_ROOT, equalBytes } from '#lib/tlog/hash.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { parseNote } from '#lib/tlog/note.ts';
import { cosignatureSigner, ed25519Signer, signNote } from '#lib/tlog/signer.ts';
import { nodePrimitives } from './node-primitives.ts';
import { refusal } from './refusal.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const secret = (n: number) => new Uint8Array(32).fill(n);
const publicKey = (n: number) => ed25519.getPublicKey(secret(n));

const origin = 'log.example';
const root = Uint8Array.from({ length: 32 }, (_, i) => i);
const ROOT = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const text = formatCheckpoint({ origin, size: 736, root, extensions: ['Log frozen'] });

const log = ed25519Signer(origin, secret(1));
const witness = cosignatureSigner('witness.example', secret(2), () => 1_700_000_000);
const stranger = ed25519Signer('stranger.example', secret(3));
const policy = {
  origin,
  verifiers: [ed25519Verifier(origin, publicKey(1), nodePrimitives)],
  cosigners: [cosignatureVerifier('witness.example', publicKey(2), nodePrimitives)],
};

describe('the text of a checkpoint', () => {
  test('is origin, size, root and extension lines', () => {
    expect(parseCheckpoint(bytes(`${origin}\n736\n${ROOT}\nLog frozen\n`))).toEqual({
      origin,
      size: 736,
      root,
      extensions: ['Log frozen'],
    });
    expect(new TextDecoder().decode(text)).toBe(`${origin}\n736\n${ROOT}\nLog frozen\n`);
  });

  test('may have any origin line, also one with spaces as in Rekor v1', () => {
    for (const line of ['rekor.example - 7030200948', 'a+b', '0', 'é', ' ']) {
      expect(parseCheckpoint(bytes(`${line}\n1\n${ROOT}\n`)).origin).toBe(line);
    }
  });

  test('is read as it was written', () => {
    const lines = fc.string({ unit: 'binary', minLength: 1 }).filter((line) => !/\p{Cc}/u.test(line));
    fc.assert(
      fc.property(
        lines,
        fc.maxSafeNat(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.array(lines),
        (origin, size, root, extensions) => {
          fc.pre(size > 0);
          expect(parseCheckpoint(formatCheckpoint({ origin, size, root, extensions }))).toEqual({
            origin,
            size,
            root,
            extensions,
          });
        },
      ),
    );
  });

  test.each([
    ['nothing', ''],
    ['no root', `${origin}\n736\n`],
    ['no origin', `736\n${ROOT}\n`],
    ['an empty origin', `\n736\n${ROOT}\n`],
    ['an empty size', `${origin}\n\n${ROOT}\n`],
    ['no final newline', `${origin}\n736\n${ROOT}`],
    ['no final newline behind an extension line', `${origin}\n736\n${ROOT}\nmore`],
    ['an empty extension line', `${origin}\n736\n${ROOT}\n\nmore\n`],
    ['an empty last line', `${origin}\n736\n${ROOT}\n\n`],
    ['a leading zero', `${origin}\n0736\n${ROOT}\n`],
    ['a sign', `${origin}\n+736\n${ROOT}\n`],
    ['a space behind the size', `${origin}\n736 \n${ROOT}\n`],
    ['a size beyond 2^53 - 1', `${origin}\n9007199254740992\n${ROOT}\n`],
    ['a root of 31 bytes', `${origin}\n736\n${ROOT.slice(0, 40)}Hg==\n`],
    ['a root of 33 bytes', `${origin}\n736\n${ROOT.slice(0, 40)}Hh8g\n`],
    ['a root without padding', `${origin}\n736\n${ROOT.slice(0, -1)}\n`],
    ['a root with stray bits', `${origin}\n736\n${ROOT.replace('8=', '9=')}\n`],
    ['a root in hex', `${origin}\n736\n${'00'.repeat(32)}\n`],
    ['another root than that of nothing for the empty tree', `${origin}\n0\n${ROOT}\n`],
  ])('is refused with %s', (_, wrong) => {
    expect(() => parseCheckpoint(bytes(wrong))).toThrow(refusal('bad-checkpoint'));
  });

  test('is refused with control characters or bytes that are not UTF-8', () => {
    expect(() => parseCheckpoint(bytes(`log\r\n1\n${ROOT}\n`))).toThrow(refusal('bad-note'));
    expect(() => parseCheckpoint(Uint8Array.of(0xff, ...text))).toThrow(refusal('bad-note'));
  });

  test('has the root of nothing for the empty tree', () => {
    expect(parseCheckpoint(formatCheckpoint({ origin, size: 0, root: EMPTY_ROOT })).size).toBe(0);
  });

  test('is not written so that it would be read otherwise', () => {
    for (const wrong of [
      { origin: 'a\nb' },
      { origin: '' },
      { size: -1 },
      { size: 1.5 },
      { size: 2 ** 53 },
      { root: new Uint8Array(31) },
      { extensions: [''] },
      { extensions: ['a\nb'] },
    ]) {
      expect(() => formatCheckpoint({ origin, size: 1, root, extensions: [], ...wrong })).toThrow(
        refusal('bad-checkpoint'),
      );
    }
  });
});

describe('opening a checkpoint', () => {
  test('tells what the log signed, and which known cosigners did when', () => {
    const opened = openCheckpoint(signNote(text, [stranger, witness, log]), policy);
    expect(opened.checkpoint).toEqual({ origin, size: 736, root, extensions: ['Log frozen'] });
    expect(opened.cosignatures).toEqual([{ name: 'witness.example', timestamp: 1_700_000_000 }]);
    expect(opened.note.unverified.map(({ name }) => name)).toEqual(['stranger.example']);
  });

  test('tells the first of several times at which a cosigner signed', () => {
    const later = cosignatureSigner('witness.example', secret(2), () => 1_800_000_000);
    const { cosignatures } = openCheckpoint(signNote(text, [log, witness, later]), policy);
    expect(cosignatures).toEqual([{ name: 'witness.example', timestamp: 1_700_000_000 }]);
  });

  test('needs no cosigners', () => {
    const { cosigners, ...alone } = policy;
    const opened = openCheckpoint(signNote(text, [log, witness]), alone);
    expect(opened.cosignatures).toEqual([]);
    expect(openCheckpoint(signNote(text, [log]), { ...alone, cosigners }).cosignatures).toEqual([]);
  });

  test('takes a key whose name is not the origin, as in Rekor v1', () => {
    const shard = formatCheckpoint({ origin: `${origin} - 7`, size: 1, root });
    expect(openCheckpoint(signNote(shard, [log]), { ...policy, origin: `${origin} - 7` }).checkpoint.size).toBe(1);
  });

  test('refuses a checkpoint that only cosigners or strangers signed', () => {
    expect(() => openCheckpoint(signNote(text, [witness]), policy)).toThrow(refusal('unsigned'));
    expect(() => openCheckpoint(signNote(text, [stranger]), policy)).toThrow(refusal('unsigned'));
  });

  test('refuses another origin by the same key, however alike it looks', () => {
    for (const other of [
      'log.example ',
      'Log.example',
      'log.example.',
      'log.examp\u217ce',
      'log.exampl\u0435',
      `\ufeff${origin}`,
      origin.slice(1),
    ]) {
      const note = signNote(formatCheckpoint({ origin: other, size: 736, root }), [log]);
      expect(() => openCheckpoint(note, policy)).toThrow(refusal('wrong-origin'));
    }
    const composed = signNote(formatCheckpoint({ origin: '\u00e9', size: 1, root }), [log]);
    expect(() => openCheckpoint(composed, { ...policy, origin: 'e\u0301' })).toThrow(refusal('wrong-origin'));
  });

  test('refuses a bad cosignature of a known cosigner with the whole note', () => {
    const { signatures } = parseNote(signNote(text, [log, witness]));
    const forged = cosignatureSigner('witness.example', secret(2), () => 1).sign(bytes('another\n'));
    const signers = signatures.map(({ name, keyId, signature }, i) => ({
      name,
      keyId,
      sign: () => (i === 1 ? forged : signature),
    }));
    expect(() => openCheckpoint(signNote(text, signers), policy)).toThrow(refusal('bad-signature'));
  });

  test('refuses a signed text that is no checkpoint', () => {
    expect(() => openCheckpoint(signNote(bytes('hello\n'), [log]), policy)).toThrow(refusal('bad-checkpoint'));
  });
});

describe('a changed checkpoint note', () => {
  const note = signNote(text, [log, stranger, witness]);
  const original = openCheckpoint(note, policy);

  /** Whatever is accepted must have the same text and the same lines of known keys; true if it was accepted. */
  function isHarmless(changed: Uint8Array): boolean {
    try {
      const { checkpoint, note, cosignatures } = openCheckpoint(changed, policy);
      expect(checkpoint).toEqual(original.checkpoint);
      expect(equalBytes(note.text, original.note.text)).toBe(true);
      for (const { verifier, signature } of note.verified) {
        const same = original.note.verified.find((line) => line.verifier === verifier);
        expect(same?.signature).toEqual(signature);
      }
      for (const cosignature of cosignatures) expect(original.cosignatures).toContainEqual(cosignature);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(TlogError);
      return false;
    }
  }

  test('is accepted with any one bit flipped only where no known key signed', () => {
    const accepted: number[] = [];
    for (let bit = 0; bit < note.length * 8; bit++) {
      const changed = note.with(bit >> 3, (note[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
      if (isHarmless(changed)) accepted.push(bit >> 3);
    }
    const logLineEnd = note.indexOf(0x0a, text.length + 1);
    expect(accepted.length).toBeGreaterThan(0);
    expect(Math.min(...accepted)).toBeGreaterThan(logLineEnd);
  });

  test('is accepted with bytes put in, taken out or exchanged only where no known key signed', () => {
    const edit = fc.tuple(
      fc.nat(note.length),
      fc.nat(3),
      fc.oneof(fc.constantFrom('\n', '\n\n', ' ', '+', '— ', '='), fc.string({ maxLength: 3 })),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let changed = note;
        for (const [at, cut, insert] of edits) {
          changed = Uint8Array.of(...changed.subarray(0, at), ...bytes(insert), ...changed.subarray(at + cut));
        }
        isHarmless(changed);
      }),
      { numRuns: 1000 },
    );
  });
});
