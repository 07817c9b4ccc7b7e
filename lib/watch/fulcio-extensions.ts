import { DerCursor, DerError, Tag } from './der.ts';

/** The arc under which Fulcio puts what an identity token said (Sigstore's OID directory). */
export const FULCIO_ARC = '1.3.6.1.4.1.57264.1';

/** The arc's content octets; an extension adds one octet, its number. */
const ARC_OCTETS = Uint8Array.of(0x2b, 0x06, 0x01, 0x04, 0x01, 0x83, 0xbf, 0x30, 0x01);

/** The highest number that one octet holds; Fulcio's own end at 24. */
export const MAX_EXTENSION_NUMBER = 127;

/** The name of each extension by its number. 1 to 6 hold bare bytes, 8 and up a DER UTF8String. */
const NAMES: Readonly<Record<number, string>> = {
  1: 'issuer',
  2: 'github-workflow-trigger',
  3: 'github-workflow-sha',
  4: 'github-workflow-name',
  5: 'github-workflow-repository',
  6: 'github-workflow-ref',
  7: 'other-name',
  8: 'issuer-v2',
  9: 'build-signer-uri',
  10: 'build-signer-digest',
  11: 'runner-environment',
  12: 'source-repository-uri',
  13: 'source-repository-digest',
  14: 'source-repository-ref',
  15: 'source-repository-identifier',
  16: 'source-repository-owner-uri',
  17: 'source-repository-owner-identifier',
  18: 'build-config-uri',
  19: 'build-config-digest',
  20: 'build-trigger',
  21: 'run-invocation-uri',
  22: 'source-repository-visibility-at-signing',
  23: 'deployment-environment',
  24: 'token-subject',
};

export const ISSUER = 1;
export const ISSUER_V2 = 8;
const FIRST_UTF8 = 8;

/** The names a watch rule may use, in the order of their numbers. */
export const EXTENSION_NAMES: readonly string[] = Object.values(NAMES);

/** The extension's name, or null for a number that had none when this was written. */
export function extensionName(number: number): string | null {
  return NAMES[number] ?? null;
}

/** What to call an extension on a page: its name, else its OID. */
export function extensionLabel(number: number): string {
  return NAMES[number] ?? `${FULCIO_ARC}.${number}`;
}

/** The number of an extension given by name or by OID; 0 when it is neither. */
export function extensionNumber(nameOrOid: string): number {
  for (const [number, name] of Object.entries(NAMES)) if (name === nameOrOid) return Number(number);
  const digits = /^1\.3\.6\.1\.4\.1\.57264\.1\.([1-9][0-9]{0,2})$/.exec(nameOrOid)?.[1];
  const number = Number(digits ?? 0);
  return number <= MAX_EXTENSION_NUMBER ? number : 0;
}

/** The number of the Fulcio extension whose OID stands in `bytes[from, to)`; 0 for any other OID. */
export function readExtensionNumber(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== ARC_OCTETS.length + 1) return 0;
  // From the end: other extensions' OIDs share their beginning with this arc, not their last octets.
  for (let i = ARC_OCTETS.length - 1; i >= 0; i--) if (bytes[from + i] !== ARC_OCTETS[i]) return 0;
  const number = bytes[to - 1] as number;
  return number <= MAX_EXTENSION_NUMBER ? number : 0;
}

const cursor = new DerCursor();

/**
 * Where the value of extension `number` begins in `bytes[from, to)`; it always ends at `to`.
 * -1 when the extension should hold a DER UTF8String and holds something else.
 */
export function extensionValueStart(bytes: Uint8Array, number: number, from: number, to: number): number {
  if (number < FIRST_UTF8) return from;
  try {
    cursor.reset(bytes, from, to);
    cursor.expect(Tag.utf8String);
    return cursor.more ? -1 : cursor.from;
  } catch (error) {
    if (error instanceof DerError) return -1;
    throw error;
  }
}
