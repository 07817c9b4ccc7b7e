import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { MintedCt } from './minted-ct.ts';

const base64 = z.string().transform((text) => Buffer.from(text, 'base64'));

const schema = z.object({
  /** SPKI of the log, and its id. */
  key: base64,
  logId: base64,
  /** The chain that issued all of the certificates, the issuing one first. */
  authority: z.array(base64),
  /** Answers to get-sth, as received. */
  heads: z.array(z.record(z.string(), z.unknown())),
  /** `leaf_input` of every entry. */
  leaves: z.array(base64),
  /** Final certificates of some of the precertificates, from entries of a Rekor log. */
  certificates: z.array(base64),
});

/** What a Certificate Transparency log (CTFE) and Fulcio gave on one afternoon: 70 precertificates, signed heads of 21 and 70. */
export const RECORDED = schema.parse(
  JSON.parse(readFileSync(new URL('../fixtures/ct/recorded.json', import.meta.url), 'utf8')),
);

export const RECORDED_KEY = createPublicKey({ key: RECORDED.key, format: 'der', type: 'spki' });

export const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Makes a minted log the recorded one: its key, its heads and its entries. */
export function playRecorded(log: MintedCt): void {
  const heads = RECORDED.heads.map((head) => [Number(head.tree_size), JSON.stringify(head)] as const);
  log.given = { key: RECORDED_KEY, heads: new Map(heads) };
  log.add(...RECORDED.leaves);
}
