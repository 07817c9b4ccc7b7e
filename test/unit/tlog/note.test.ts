import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '#lib/tlog/base64.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import {
  formatNote,
  isKeyName,
  MAX_NOTE_BYTES,
  MAX_NOTE_SIGNATURES,
  type NoteVerifier,
  openNote,
  parseNote,
} from '#lib/tlog/note.ts';
import { ed25519Signer, signNote } from '#lib/tlog/signer.ts';
import { nodePrimitives } from './node-primitives.ts';
import { refusal } from './refusal.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (note: Uint8Array) => new TextDecoder().decode(note);
const secret = (n: number) => new Uint8Array(32).fill(n);
const signer = (name: string, n: number) => ed25519Signer(name, secret(n));
const verifier = (name: string, n: number) => ed25519Verifier(name, ed25519.getPublicKey(secret(n)), nodePrimitives);

const line = `— log.example ${encodeBase64(Uint8Array.of(1, 2, 3, 4, 5))}\n`;
const body = bytes('first line\nsecond line\n');
const log = signer('log.example', 1);
const stranger = signer('stranger.example', 2);
const known = [verifier('log.example', 1)];

describe('a signed note', () => {
  test('is split into its text and its signature lines', () => {
    const note = parseNote(bytes(`text\n\n${line}— other.example/é AAAAAf8=\n`));
    expect(text(note.text)).toBe('text\n');
    expect(note.signatures).toEqual([
      { name: 'log.example', keyId: 0x01020304, signature: Uint8Array.of(5) },
      { name: 'other.example/é', keyId: 1, signature: Uint8Array.of(255) },
    ]);
  });

  test('has its key ids unsigned', () => {
    const note = parseNote(bytes(`text\n\n— log.example ${encodeBase64(Uint8Array.of(255, 255, 255, 254, 0))}\n`));
    expect(note.signatures[0]?.keyId).toBe(0xfffffffe);
  });

  test('may have empty lines and signature lines in its text: the last empty line ends it', () => {
    expect(text(parseNote(bytes(`a\n\n${line}\n${line}`)).text)).toBe(`a\n\n${line}`);
    expect(text(parseNote(bytes(`a\n\n\n${line}`)).text)).toBe('a\n\n');
    expect(text(parseNote(bytes(`\n\n${line}`)).text)).toBe('\n');
  });

  test.each([
    ['nothing', ''],
    ['an empty line alone', '\n\n'],
    ['no empty line', `text\n${line}`],
    ['an empty line only before the text', `\n${line}`],
    ['no signature line', 'text\n\n'],
    ['no final newline', `text\n\n${line.trimEnd()}`],
    ['another line behind the signatures', `text\n\n${line}more\n`],
    ['an empty line behind the signatures', `text\n\n${line}\n`],
    ['a hyphen for the dash', `text\n\n${line.replace('—', '-')}`],
    ['no space behind the dash', `text\n\n${line.replace('— ', '—')}`],
    ['two spaces', `text\n\n${line.replace('example ', 'example  ')}`],
    ['a space at the end', `text\n\n${line.replace('\n', ' \n')}`],
    ['an empty name', `text\n\n${line.replace('log.example', '')}`],
    ['a plus in the name', `text\n\n${line.replace('.', '+')}`],
    ['a no-break space in the name', `text\n\n${line.replace('.', '\u00a0')}`],
    ['an ideographic space in the name', `text\n\n${line.replace('.', '\u3000')}`],
    ['a line separator in the name', `text\n\n${line.replace('.', '\u2028')}`],
    ['a carriage return', `text\r\n\n${line}`],
    ['a tab in the text', `te\txt\n\n${line}`],
    ['a NUL', `te\u0000xt\n\n${line}`],
    ['no signature', 'text\n\n— log.example \n'],
    ['four bytes, a key id only', 'text\n\n— log.example AQIDBA==\n'],
    ['base64 without its padding', 'text\n\n— log.example AQIDBAU\n'],
    ['base64 with stray bits', 'text\n\n— log.example AQIDBAV=\n'],
    ['base64 of the URL alphabet', 'text\n\n— log.example AQIDBP-_\n'],
  ])('is refused with %s', (_, note) => {
    expect(() => parseNote(bytes(note))).toThrow(refusal('bad-note'));
  });

  test('is refused unless it is UTF-8', () => {
    for (const wrong of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
      expect(() => parseNote(Uint8Array.of(...wrong, ...bytes(`\n\n${line}`)))).toThrow(refusal('bad-note'));
    }
  });

  test('keeps a byte order mark, which is text like any other', () => {
    const note = bytes(`\ufefftext\n\n${line}`);
    expect(parseNote(note).text).toEqual(note.subarray(0, 8));
  });

  test('is refused when longer than its bounds, and read up to them', () => {
    const longest = `${'a'.repeat(MAX_NOTE_BYTES - 2 - bytes(line).length)}\n\n${line}`;
    expect(bytes(longest)).toHaveLength(MAX_NOTE_BYTES);
    expect(parseNote(bytes(longest)).signatures).toHaveLength(1);
    expect(() => parseNote(bytes(`a${longest}`))).toThrow(refusal('bad-note'));
    expect(parseNote(bytes(`a\n\n${line.repeat(MAX_NOTE_SIGNATURES)}`)).signatures).toHaveLength(MAX_NOTE_SIGNATURES);
    expect(() => parseNote(bytes(`a\n\n${line.repeat(MAX_NOTE_SIGNATURES + 1)}`))).toThrow(refusal('bad-note'));
  });

  test('that is read from any bytes at all is spelled alike', () => {
    const parts = fc.constantFrom('a', '\n', '\n\n', '— ', 'log.example ', 'AQIDBAU=', line, ' ', '+', '\u2028');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        const note = bytes(pieces.join(''));
        try {
          const { text, signatures } = parseNote(note);
          expect(formatNote(text, signatures)).toEqual(note);
        } catch (error) {
          expect(error).toBeInstanceOf(TlogError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('is not written so that it would be read otherwise', () => {
    const signature = { name: 'log.example', keyId: 1, signature: Uint8Array.of(1) };
    for (const text of ['no newline', '', 'a\n\nb', 'a\tb\n', `a\n\n${line.trimEnd()}`]) {
      expect(() => formatNote(bytes(text), [signature])).toThrow(refusal('bad-note'));
    }
    expect(() => formatNote(bytes('a\n\n'), [signature])).not.toThrow();
    const names = ['', 'a b', 'a+b', 'a\nb', 'x AQIDBAU=\n— y'];
    for (const name of names) expect(() => formatNote(body, [{ ...signature, name }])).toThrow(refusal('bad-note'));
    expect(() => formatNote(body, [])).toThrow(refusal('bad-note'));
  });
});

describe('opening a note', () => {
  test('tells which known keys signed, and which lines are unknown', () => {
    const opened = openNote(signNote(body, [stranger, log]), known);
    expect(opened.text).toEqual(body);
    expect(opened.verified.map(({ verifier }) => verifier)).toEqual(known);
    expect(opened.unverified.map(({ name }) => name)).toEqual(['stranger.example']);
  });

  test('refuses a note that no known key signed', () => {
    expect(() => openNote(signNote(body, [stranger]), known)).toThrow(refusal('unsigned'));
    expect(() => openNote(signNote(body, [log]), [])).toThrow(refusal('unsigned'));
  });

  test('passes over keys that share only the name or only the id with a known one', () => {
    const { signatures } = parseNote(signNote(body, [log]));
    const [own] = signatures;
    if (own === undefined) return expect.unreachable();
    const namesake = { ...own, keyId: own.keyId ^ 1 };
    const sameId = { ...own, name: 'other.example' };
    expect(() => openNote(formatNote(body, [namesake, sameId]), known)).toThrow(refusal('unsigned'));
    expect(openNote(formatNote(body, [namesake, own, sameId]), known).unverified).toEqual([namesake, sameId]);
  });

  test('refuses the whole note for a bad signature of a known key, on whichever line', () => {
    const [own] = parseNote(signNote(body, [log])).signatures;
    const [other] = parseNote(signNote(bytes('another text\n'), [log])).signatures;
    if (own === undefined || other === undefined) return expect.unreachable();
    for (const lines of [[other], [own, other], [other, own], [own, own, other]]) {
      expect(() => openNote(formatNote(body, lines), known)).toThrow(refusal('bad-signature'));
    }
    const second = verifier('stranger.example', 2);
    const lines = parseNote(signNote(body, [stranger])).signatures.map((s) => ({ ...s, signature: other.signature }));
    expect(() => openNote(formatNote(body, [own, ...lines]), [...known, second])).toThrow(refusal('bad-signature'));
  });

  test('counts a key once, however often it signed', () => {
    const opened = openNote(signNote(body, [log, log, log]), known);
    expect(opened.verified).toHaveLength(1);
    expect(opened.unverified).toEqual([]);
  });

  test('verifies every line of a known key, also after a good one', () => {
    let calls = 0;
    const [own] = known;
    if (own === undefined) return expect.unreachable();
    const counting: NoteVerifier = {
      name: own.name,
      keyId: own.keyId,
      verify: (text, signature) => {
        calls++;
        return own.verify(text, signature);
      },
    };
    openNote(signNote(body, [log, stranger, log]), [counting]);
    expect(calls).toBe(2);
  });

  test('does not choose between two known keys of the same name and id', () => {
    expect(() => openNote(signNote(body, [log]), [...known, verifier('log.example', 1)])).toThrow(refusal('bad-key'));
  });

  test('does not depend on the buffer that it was given', () => {
    const note = signNote(body, [log]);
    const opened = openNote(note, known);
    note.fill(0);
    expect(opened.text).toEqual(body);
  });
});

test('key names have no spaces, pluses or control characters', () => {
  for (const name of ['a', 'log.example/shard-1', 'é', '—']) expect(isKeyName(name)).toBe(true);
  for (const name of ['', ' ', 'a b', 'a+b', 'a\n', 'a\u0000', '\u2003', '\u0085', '\ud800'])
    expect(isKeyName(name)).toBe(false);
});
