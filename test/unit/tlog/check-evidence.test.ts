import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  evidenceOfEntry,
  evidenceOfFork,
  evidenceOfGrowthAfterFreeze,
  evidenceOfSameSize,
} from '#lib/tlog/build-evidence.ts';
import { checkEvidence } from '#lib/tlog/check-evidence.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { cosignatureVerifier } from '#lib/tlog/cosignature.ts';
import type { LogEvidence } from '#lib/tlog/evidence.ts';
import { formatEvidence, parseEvidence } from '#lib/tlog/evidence-file.ts';
import { formatVerifierKey } from '#lib/tlog/key.ts';
import { prefixRanges, suffixRanges } from '#lib/tlog/prefix-proof.ts';
import { cosignatureSigner, ed25519Signer, signNote } from '#lib/tlog/signer.ts';
import {
  bytesOf,
  FROZEN,
  LOG,
  logKey,
  nodesOf,
  noteOf,
  ORIGIN,
  pathOf,
  rootOf,
  signer,
  subtreeOf,
  TRUST,
  twoViews,
  vkey,
} from './evidence-support.ts';
import { refusal } from './refusal.ts';

const outcomes = (evidence: LogEvidence, question = TRUST) =>
  Object.fromEntries(checkEvidence(evidence, question).checks.map(({ name, outcome }) => [name, outcome]));
const proved = (index: number, entries: readonly string[]) => ({
  note: noteOf(entries),
  entry: bytesOf(entries[index] ?? ''),
  proof: pathOf(index, entries),
});

const [one, other] = twoViews(3, 6, 9);
const EVIDENCE: Readonly<Record<LogEvidence['kind'], LogEvidence>> = {
  fork: await evidenceOfFork(LOG, { smaller: noteOf(one), larger: noteOf(other) }, subtreeOf(other)),
  'same-size': evidenceOfSameSize(LOG, [noteOf(one), noteOf(other.slice(0, 6))]),
  entry: evidenceOfEntry(LOG, 4, [proved(4, one), proved(4, other)]),
  'growth-after-freeze': evidenceOfGrowthAfterFreeze(LOG, { frozen: noteOf(one, [FROZEN]), larger: noteOf(other) }),
};
const KINDS = Object.values(EVIDENCE).map((evidence) => [evidence.kind, evidence] as const);

describe('evidence against a log that contradicted itself', () => {
  test.each(KINDS)('of the kind %s proves it to whoever has the key', (_, evidence) => {
    const report = checkEvidence(parseEvidence(formatEvidence(evidence)), TRUST);
    expect(report.outcome).toBe('proves');
    expect(report.checks.every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(report.statement).toMatch(/^The log log\.example\/one signed /);
  });

  test.each(KINDS)('of the kind %s says that the key is the file’s claim, where none is given', (_, evidence) => {
    const { outcome, statement, checks } = checkEvidence(evidence);
    expect(outcome).toBe('proves');
    expect(statement).toMatch(/^Whoever holds the key in the file/);
    expect(checks[0]).toMatchObject({ name: 'key', outcome: 'not-checked' });
  });

  test.each(KINDS)('of the kind %s proves nothing about another key or name', (_, evidence) => {
    const { publicKey } = ed25519.keygen(new Uint8Array(32).fill(9));
    for (const trustedKeys of [[], [{ publicKey, names: null }], [{ publicKey: logKey.publicKey, names: ['x'] }]]) {
      const { outcome, checks } = checkEvidence(evidence, { ...TRUST, trustedKeys });
      expect(outcome).toBe('does-not-prove');
      expect(checks[0]?.outcome).toBe('failed');
      expect(checks.slice(1).every((check) => check.outcome === 'not-checked')).toBe(true);
    }
  });

  test('of a fork is there for every place of the fork and every pair of sizes', async () => {
    const sizes = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }));
    await fc.assert(
      fc.asyncProperty(sizes, async ([shared, before, more]) => {
        const [held, shown] = twoViews(shared, shared + before, shared + before + more);
        const notes = { smaller: noteOf(held), larger: noteOf(shown) };
        const evidence = await evidenceOfFork(LOG, notes, subtreeOf(shown));
        expect(checkEvidence(parseEvidence(formatEvidence(evidence)), TRUST).outcome).toBe('proves');
      }),
      { numRuns: 60 },
    );
  });

  test('keeps no line but that of the log', () => {
    const text = formatCheckpoint({ origin: ORIGIN, size: 6, root: rootOf(one) });
    const witness = cosignatureSigner('w.example', new Uint8Array(32).fill(2), () => 1_700_000_000);
    const cosigned = Buffer.from(signNote(text, [witness, signer])).toString();
    const evidence = evidenceOfSameSize(LOG, [cosigned, noteOf(other.slice(0, 6))]);
    expect(evidence.first).not.toContain('w.example');
    expect(outcomes({ ...evidence, first: cosigned })).toMatchObject({ first: 'failed' });
  });
});

describe('an honest log', () => {
  const entries = Array.from({ length: 12 }, (_, i) => `entry ${i}`);
  const pool = [...nodesOf(entries), new Uint8Array(32), rootOf([])];
  const hashes = (length: number) => fc.array(fc.constantFrom(...pool), { minLength: length, maxLength: length });
  const proves = (evidence: LogEvidence) => checkEvidence(evidence, TRUST).outcome === 'proves';
  const log = { origin: ORIGIN, key: vkey };

  test('is not accused by its own hashes, whatever sizes are compared', () => {
    for (let second = 2; second <= entries.length; second++) {
      for (let first = 1; first < second; first++) {
        const [prefix, suffix] = [prefixRanges(first), suffixRanges(first, second)].map((ranges) =>
          ranges.map(({ start, end }) => rootOf(entries.slice(start, end))),
        );
        const [smaller, larger] = [noteOf(entries.slice(0, first)), noteOf(entries.slice(0, second))];
        const evidence = { kind: 'fork', ...log, smaller, larger, prefix: prefix ?? [], suffix: suffix ?? [] } as const;
        expect(outcomes(evidence)).toMatchObject({ hashes: 'passed', contradiction: 'failed' });
      }
    }
  });

  test('is not accused of a fork by any notes and hashes put together', () => {
    const pair = fc.tuple(fc.nat(12), fc.nat(12));
    const arbitrary = pair.chain(([a, b]) => {
      const [first, second] = [Math.min(a, b), Math.max(a, b)];
      const suffix = first > 0 && first < second ? suffixRanges(first, second).length : 1;
      return fc.record({
        smaller: fc.constant(noteOf(entries.slice(0, first))),
        larger: fc.constant(noteOf(entries.slice(0, second))),
        prefix: hashes(prefixRanges(first).length),
        suffix: hashes(suffix),
      });
    });
    fc.assert(
      fc.property(arbitrary, (parts) => !proves({ kind: 'fork', ...log, ...parts })),
      { numRuns: 500 },
    );
  });

  test('is not accused of two entries or two roots by anything of its tree', () => {
    const proofs = fc.nat(4).chain(hashes);
    const entry = fc.record({
      note: fc.nat(12).map((size) => noteOf(entries.slice(0, size))),
      entry: fc.oneof(fc.constantFrom(...entries.map(bytesOf)), fc.uint8Array({ maxLength: 65 })),
      proof: proofs,
    });
    const genuine = fc.tuple(fc.nat(11), fc.nat(11)).map(([a, b]) => {
      const tree = entries.slice(0, Math.max(a, b) + 1);
      return proved(Math.min(a, b), tree);
    });
    const either = fc.oneof(entry, genuine);
    fc.assert(
      fc.property(fc.nat(12), either, either, (index, first, second) => {
        expect(proves({ kind: 'entry', ...log, index, first, second })).toBe(false);
        expect(proves({ kind: 'same-size', ...log, first: first.note, second: second.note })).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('that froze is not accused by what it signed before, nor by the same tree without the line', () => {
    const frozen = noteOf(entries, [FROZEN]);
    for (let size = 0; size <= entries.length; size++) {
      const earlier = noteOf(entries.slice(0, size));
      expect(proves({ kind: 'growth-after-freeze', ...log, frozen, larger: earlier })).toBe(false);
      expect(proves({ kind: 'growth-after-freeze', ...log, frozen: earlier, larger: noteOf(entries) })).toBe(false);
      expect(proves({ kind: 'same-size', ...log, first: frozen, second: noteOf(entries) })).toBe(false);
    }
  });

  test('has no evidence made against it', async () => {
    const [smaller, larger] = [noteOf(entries.slice(0, 5)), noteOf(entries)];
    await expect(evidenceOfFork(LOG, { smaller, larger }, subtreeOf(entries))).rejects.toThrow(refusal('bad-evidence'));
    await expect(evidenceOfFork(LOG, { smaller: larger, larger: smaller }, subtreeOf(entries))).rejects.toThrow(
      refusal('bad-evidence'),
    );
    expect(() => evidenceOfSameSize(LOG, [larger, larger])).toThrow(refusal('bad-evidence'));
    expect(() => evidenceOfEntry(LOG, 2, [proved(2, entries), proved(2, entries.slice(0, 7))])).toThrow(
      refusal('bad-evidence'),
    );
    expect(() => evidenceOfGrowthAfterFreeze(LOG, { frozen: larger, larger })).toThrow(refusal('bad-evidence'));
  });
});

describe('evidence that was changed', () => {
  const isWorthless = (bytes: Uint8Array) => {
    try {
      return checkEvidence(parseEvidence(bytes), TRUST).outcome === 'does-not-prove';
    } catch (error) {
      return (error as { code?: unknown }).code === 'bad-evidence';
    }
  };

  test.each(KINDS)('in any one byte of the kind %s proves nothing, or is refused', (_, evidence) => {
    const bytes = formatEvidence(evidence);
    expect(isWorthless(bytes)).toBe(false);
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x20]) {
        if (!isWorthless(bytes.with(at, (bytes[at] ?? 0) ^ flip))) expect.unreachable(`byte ${at} does not matter`);
      }
    }
  });

  test.each(KINDS)('by bytes added to the kind %s or taken from it is refused', (_, evidence) => {
    const bytes = formatEvidence(evidence);
    const edits = fc.tuple(fc.nat(bytes.length), fc.nat(3), fc.uint8Array({ maxLength: 4 }));
    fc.assert(
      fc.property(edits, ([at, cut, added]) => {
        const changed = Uint8Array.of(...bytes.subarray(0, at), ...added, ...bytes.subarray(at + cut));
        fc.pre(!Buffer.from(changed).equals(bytes));
        return isWorthless(changed);
      }),
      { numRuns: 200 },
    );
  });

  test('by a note that another key signed proves nothing', () => {
    const { secretKey } = ed25519.keygen(new Uint8Array(32).fill(8));
    const text = formatCheckpoint({ origin: ORIGIN, size: 6, root: rootOf(twoViews(0, 0, 6)[1]) });
    const forged = Buffer.from(signNote(text, [ed25519Signer(ORIGIN, secretKey)])).toString();
    const evidence: LogEvidence = { kind: 'same-size', origin: ORIGIN, key: vkey, first: noteOf(one), second: forged };
    expect(outcomes(evidence)).toMatchObject({ first: 'passed', second: 'failed', contradiction: 'not-checked' });
    expect(() => evidenceOfSameSize(LOG, [noteOf(one), forged])).toThrow(refusal('bad-evidence'));
  });

  test('to name another origin proves nothing', () => {
    for (const [, evidence] of KINDS) {
      expect(checkEvidence({ ...evidence, origin: 'log.example' }, TRUST).outcome).toBe('does-not-prove');
    }
  });

  test('to carry the key of a cosigner proves nothing', () => {
    const cosigner = formatVerifierKey(cosignatureVerifier(ORIGIN, logKey.publicKey));
    expect(outcomes({ ...EVIDENCE.fork, key: cosigner })).toMatchObject({ key: 'failed' });
    const { trustedKeys: _, ...claimed } = TRUST;
    expect(checkEvidence({ ...EVIDENCE.fork, key: 'nonsense' }, claimed).checks[0]?.outcome).toBe('failed');
  });
});

describe('an evidence file', () => {
  const refused = (text: string | Uint8Array) =>
    expect(() => parseEvidence(typeof text === 'string' ? bytesOf(text) : text)).toThrow(refusal('bad-evidence'));
  const file = JSON.parse(Buffer.from(formatEvidence(EVIDENCE.fork)).toString()) as Record<string, unknown>;
  const spelled = (changes: Record<string, unknown>) => `${JSON.stringify({ ...file, ...changes }, null, 2)}\n`;

  test('is refused when it is no JSON, no object, or of another type, version or kind', () => {
    for (const text of ['', '{', 'null', '[]', '"x"', '{}', '['.repeat(100_000)]) refused(text);
    refused(spelled({ mediaType: 'application/json' }));
    refused(spelled({ version: 2 }));
    refused(spelled({ kind: 'smaller' }));
    refused(spelled({ kind: 'constructor' }));
    refused(Uint8Array.of(0xff, 0xfe));
    refused(new Uint8Array(4 * 1024 * 1024 + 1));
  });

  test('is refused when a member is missing, too much, twice, or of another kind', () => {
    for (const name of Object.keys(file)) {
      refused(spelled({ [name]: undefined }));
      for (const value of [null, 0, '', {}, [1], '\ud800']) refused(spelled({ [name]: value }));
    }
    refused(spelled({ remark: 'x' }));
    refused(spelled({}).replace('"version": 1,', '"version": 1,\n  "version": 1,'));
    refused(JSON.stringify(file));
    refused(spelled({ prefix: Array.from({ length: 65 }, () => 'A'.repeat(43)) }));
    refused(spelled({ prefix: ['AAAA'] }));
    refused(spelled({ prefix: [`${'A'.repeat(42)}B=`] }));
  });

  test('is read again as it was written, for any entries', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const entry = fc.record({
      note: fc.string({ minLength: 1, unit: 'binary' }),
      entry: fc.uint8Array({ maxLength: 300 }),
      proof: fc.array(hash, { maxLength: 64 }),
    });
    fc.assert(
      fc.property(fc.maxSafeNat(), entry, entry, (index, first, second) => {
        const evidence: LogEvidence = { kind: 'entry', origin: ORIGIN, key: vkey, index, first, second };
        const bytes = formatEvidence(evidence);
        expect(formatEvidence(parseEvidence(bytes))).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });
});
