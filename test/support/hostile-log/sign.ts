import type { MintedLog } from '#test/support/minted-log.ts';

// Notes put together by hand: the product's own writer refuses to make most of what is needed here.

/** A checkpoint's text, with lines behind the root. */
export function textOf(log: MintedLog, size: number, extensions: readonly string[] = []): string {
  const root = Buffer.from(log.root(size)).toString('base64');
  return `${[log.origin, size, root, ...extensions].join('\n')}\n`;
}

/** A note of whatever text, signed with the log's key. */
export function signedText(log: MintedLog, text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, Buffer.from(`\n${signatureLine(log, bytes)}`)]);
}

export function signatureLine(log: MintedLog, text: Uint8Array): string {
  const { name, keyId, signature } = log.signature(text);
  const id = Buffer.alloc(4);
  id.writeUInt32BE(keyId);
  return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}
