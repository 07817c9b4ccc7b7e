import { generateKeyPairSync } from 'node:crypto';
import { MintedLog } from '#test/support/minted-log.ts';
import { failure, type Misbehaviour } from './misbehaviour.ts';
import { signatureLine, signedText, textOf } from './sign.ts';

type Sign = (log: MintedLog, size: number, round: number) => string | Buffer;

/** One that gives another note over the honest tree. */
function note(name: string, does: string, code: Parameters<typeof failure>[0], sign: Sign): Misbehaviour {
  const begin = () => ({
    signs: ({ log, size }: { log: MintedLog; size: number }, round: number) => Buffer.from(sign(log, size, round)),
  });
  return { name, does, ...failure(code), begin };
}

/** The log's own key signs a text that differs from the honest one by this. */
function text(name: string, does: string, change: (text: string, size: number) => string): Misbehaviour {
  return note(name, does, 'malformed-note', (log, size) => signedText(log, change(textOf(log, size), size)));
}

const secondLine = (line: string) => (honest: string) => honest.replace(/\n\d+\n/, `\n${line}\n`);

/** A line of an unknown key, as short as they come; the number makes each another. */
function junkLine(i: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(i, 4);
  return `— x ${bytes.toString('base64')}\n`;
}

function withLines(log: MintedLog, size: number, lines: readonly string[]): string {
  return `${signedText(log, textOf(log, size))}${lines.join('')}`;
}

const junk = (count: number, from = 0) => Array.from({ length: count }, (_, i) => junkLine(from + i));

/** A second log of the same name with a key of its own. */
function impostorOf(log: MintedLog): MintedLog {
  return new MintedLog(log.origin, generateKeyPairSync('ed25519')).add(...log.entries.slice(0, 10));
}

/** The log's own line with its signature broken: name and key id are right. */
function brokenLine(log: MintedLog, honest: string): string {
  return signatureLine(log, Buffer.from(`${honest}!`));
}

/** Notes that say something else than the log's checkpoint, or say it in another way than the one there is. */
export const NOTES: readonly Misbehaviour[] = [
  note('huge-note', 'makes its note larger than 64 KiB', 'too-large', (log, size) =>
    signedText(log, textOf(log, size, ['x'.repeat(70_000)])),
  ),
  note('ten-thousand-signatures', 'adds 10,000 signature lines of unknown keys', 'too-large', (log, size) =>
    withLines(log, size, junk(10_000)),
  ),
  note('a-thousand-signatures', 'adds 1,000 signature lines that fit into 64 KiB', 'malformed-note', (log, size) =>
    withLines(log, size, junk(1_000)),
  ),
  text('note-with-nul', 'signs a text with a NUL in it', (honest) => honest.replace('\n', '\0\n')),
  text('note-with-escape', 'signs a text with a control sequence for terminals', (honest) => `${honest}\x1b[2J\n`),
  text('note-with-carriage-returns', 'signs lines that end in CR LF', (honest) => honest.replaceAll('\n', '\r\n')),
  note('note-that-is-no-utf8', 'signs bytes that are no UTF-8', 'malformed-note', (log, size) =>
    signedText(log, Buffer.concat([Buffer.from(textOf(log, size)), Buffer.from([0xff, 0x0a])])),
  ),
  text('size-with-leading-zero', 'writes its size with a leading zero', (honest, size) =>
    secondLine(`0${size}`)(honest),
  ),
  text('size-beyond-integers', 'signs the size 2^53 + 1, which many programs round', secondLine('9007199254740993')),
  text('negative-size', 'signs a negative size', secondLine('-1')),
  text('hexadecimal-size', 'writes its size in hexadecimal', (honest, size) =>
    secondLine(`0x${size.toString(16)}`)(honest),
  ),
  text('size-with-exponent', 'writes its size with an exponent', secondLine('1e9')),
  text('root-in-other-base64', 'writes its root in base64 that has a second reading', (honest) =>
    honest.replace(/.=\n$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=\n`),
  ),
  text('short-root', 'signs a root of 31 bytes', (honest) =>
    honest.replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(31, 1).toString('base64')}\n`),
  ),
  note('signature-in-other-base64', 'writes its signature without padding', 'malformed-note', (log, size) =>
    signedText(log, textOf(log, size)).toString().replace(/=+\n$/, '\n'),
  ),
  note('unsigned-note', 'leaves its signature out', 'malformed-note', (log, size) => `${textOf(log, size)}\n`),
  note('other-origin', 'signs a checkpoint of another origin', 'wrong-origin', (log, size) =>
    signedText(log, textOf(log, size).replace(log.origin, 'other.example')),
  ),
  note('checkpoint-of-another-log', "answers with another log's checkpoint", 'bad-signature', (log) =>
    new MintedLog('other.example').add(...log.entries.slice(0, 10)).checkpoint(),
  ),
  note('other-key-of-the-same-name', 'signs with another key under its name', 'bad-signature', (log) =>
    impostorOf(log).checkpoint(),
  ),
  note('forged-signature', 'gives a signature that is not over this text', 'bad-signature', (log, size) => {
    const honest = textOf(log, size);
    return `${honest}\n${brokenLine(log, honest)}`;
  }),
  note(
    'bad-line-beside-a-good-one',
    'gives a bad signature of its key behind a good one',
    'bad-signature',
    (log, size) => withLines(log, size, [brokenLine(log, textOf(log, size))]),
  ),
  {
    ...note(
      'junk-lines-that-change',
      'adds other lines of unknown keys at each request',
      'bad-signature',
      (log, size, round) => withLines(log, size, junk(90, round * 90)),
    ),
    fault: null,
    holds: 'one row for one checkpoint, however often its lines change',
  },
];
