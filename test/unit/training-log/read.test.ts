import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, TRAINING_LOG_FORMAT } from '#lib/training-log/entry.ts';
import { LineSplitter } from '#lib/training-log/line-splitter.ts';
import { readTrainingLog } from '#lib/training-log/read.ts';
import { sealOf } from '#lib/training-log/seal.ts';
import { TrainingLogError } from '#lib/training-log/training-log-error.ts';
import { event, metric, mintTrainingLog } from './mint-log.ts';

const HEADER = JSON.stringify({ format: TRAINING_LOG_FORMAT, run: 'r', createdAt: 1 });

function faultOf(text: string | Uint8Array): Pick<TrainingLogError, 'code' | 'line'> {
  try {
    readTrainingLog(typeof text === 'string' ? Buffer.from(text) : text);
  } catch (error) {
    if (error instanceof TrainingLogError) return { code: error.code, line: error.line };
    throw error;
  }
  throw new Error('it was taken');
}

const withEntry = (json: string) => `${HEADER}\n${json}\n`;

describe('a training log', () => {
  it('has the root that RFC 6962 gives its lines, and the digest of the file', () => {
    const log = mintTrainingLog([event('begin'), metric(1, { loss: 0.5 })]);
    const sha256 = (...parts: (string | Buffer)[]) => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      return hash.digest();
    };
    const [a, b, c] = log.lines.map((line) => sha256('\0', line));
    const root = sha256('\x01', sha256('\x01', a ?? '', b ?? ''), c ?? '').toString('hex');
    const read = readTrainingLog(log.bytes);
    expect(sealOf(read)).toEqual({ size: 3, root, sha256: sha256(log.bytes).toString('hex') });
    expect(read.header.run).toBe('northwind-7');
    expect(read.entries).toMatchObject([
      { kind: 'event', text: 'begin' },
      { kind: 'metric', step: 1, values: { loss: 0.5 } },
      { kind: 'seal', size: 3, root },
    ]);
  });

  it('is refused whichever byte of it is changed', () => {
    const { bytes } = mintTrainingLog([event('begin'), metric(1, { loss: 0.5 }), { kind: 'tokens', n: 4 }]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ change;
        // The time of the seal is the one thing that its root does not cover; the digest of the file does.
        const seal = bytes.lastIndexOf('{"seq"');
        if (at < seal) expect(faultOf(changed)).toBeDefined();
        else
          expect(createHash('sha256').update(changed).digest()).not.toEqual(
            createHash('sha256').update(bytes).digest(),
          );
      }),
      { numRuns: 300 },
    );
  });

  it('is refused where a line is missing, doubled or moved', () => {
    const { lines } = mintTrainingLog([event('a'), event('b'), event('c')]);
    const text = (order: number[]) => `${order.map((i) => lines[i]).join('\n')}\n`;
    expect(faultOf(text([0, 1, 3, 4]))).toEqual({ code: 'wrong-order', line: 3 });
    expect(faultOf(text([0, 1, 1, 2, 3, 4]))).toEqual({ code: 'wrong-order', line: 3 });
    expect(faultOf(text([0, 2, 1, 3, 4]))).toEqual({ code: 'wrong-order', line: 2 });
    expect(faultOf(text([1, 2, 3, 4]))).toEqual({ code: 'no-header', line: 1 });
  });

  it('takes nothing behind its seal', () => {
    const { bytes } = mintTrainingLog([event('a')]);
    expect(faultOf(`${bytes}${JSON.stringify({ seq: 3, at: 1, kind: 'event', text: 'b' })}\n`)).toEqual({
      code: 'behind-seal',
      line: 4,
    });
  });

  it('that is not sealed has no seal to attest', () => {
    const log = readTrainingLog(mintTrainingLog([event('a')], { sealed: false }).bytes);
    expect(() => sealOf(log)).toThrow(/no seal/);
  });

  it('is refused where its last line was not written whole', () => {
    const { bytes } = mintTrainingLog([event('a')], { sealed: false });
    expect(faultOf(bytes.subarray(0, -1))).toEqual({ code: 'torn', line: 2 });
  });

  it.each([
    ['', 'no-header'],
    ['{}\n', 'no-header'],
    ['not JSON\n', 'bad-line'],
    [withEntry('[]'), 'bad-line'],
    [withEntry('{"seq":1,"seq":1,"at":1,"kind":"event","text":"x"}'), 'bad-line'],
    [withEntry('{"seq":1,"at":1,"kind":"event","text":""}'), 'bad-entry'],
    [withEntry('{"seq":2,"at":1,"kind":"event","text":"x"}'), 'wrong-order'],
    [withEntry('{"seq":"1","at":1,"kind":"event","text":"x"}'), 'wrong-order'],
    [withEntry('{"seq":1,"at":-1,"kind":"event","text":"x"}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1.5,"kind":"event","text":"x"}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"Event!"}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"metric","values":{}}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"metric","values":{"loss":"1"}}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"metric","values":{"loss":1e999}}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"other","deep":{"x":[1e999]}}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"checkpoint","path":"x","of":"file","digest":{"sha256":"AB"}}'), 'bad-entry'],
    [withEntry('{"seq":1,"at":1,"kind":"checkpoint","path":"x","digest":{"sha256":"ab"}}'), 'bad-entry'],
    [withEntry(`{"seq":1,"at":1,"kind":"root","size":1,"root":"${'0'.repeat(64)}"}`), 'wrong-root'],
    [withEntry(`{"seq":1,"at":1,"kind":"seal","size":2,"root":"${'0'.repeat(64)}"}`), 'wrong-root'],
    [withEntry(`{"seq":1,"at":1,"kind":"x","d":${'['.repeat(40)}${']'.repeat(40)}}`), 'bad-line'],
    [withEntry(`{"seq":1,"at":1,"kind":"x","t":"${'x'.repeat(MAX_LINE_BYTES)}"}`), 'too-large'],
  ])('refuses %.60s', (text, code) => {
    expect(faultOf(text).code).toBe(code);
  });

  it('is refused where it is not UTF-8', () => {
    expect(faultOf(Buffer.concat([Buffer.from(HEADER), Buffer.from([0x0a, 0xff, 0x0a])])).code).toBe('bad-line');
  });

  it('names a metric like a member of every object without being one', () => {
    const { bytes } = mintTrainingLog([metric(0, { constructor: 1, toString: 2 })]);
    expect(readTrainingLog(bytes).entries[0]).toMatchObject({ values: { constructor: 1, toString: 2 } });
  });
});

describe('lines of a stream', () => {
  it('are the same however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.array(fc.nat(50)), (texts, cuts) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' '));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const splitter = new LineSplitter();
        const found: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) {
          for (const line of splitter.push(bytes.subarray(at, at + cut))) found.push(Buffer.from(line).toString());
          at = Math.min(bytes.length, at + cut);
        }
        expect(found).toEqual(lines.map((line) => Buffer.from(line).toString()));
        expect(splitter.rest).toHaveLength(0);
      }),
    );
  });

  it('are never kept beyond 64 KiB, whatever the pieces', () => {
    const splitter = new LineSplitter();
    const piece = Buffer.alloc(40_000, 'x');
    expect([...splitter.push(piece)]).toEqual([]);
    expect(() => [...splitter.push(piece)]).toThrow(/more than 65536 bytes/);
  });
});
