import { fromHex } from '#lib/tlog/hex.ts';
import type { CompiledRule } from './rule.ts';
import { foldBytes } from './search-layers.ts';
import { skeletonOf } from './skeleton.ts';

/** Shorter text than this stands in many bytes by chance. */
const MIN_NEEDLE = 6;
const MIN_SKELETON = 8;

/** Something to look for in bytes, in any of its forms. */
export interface Needle {
  /** For people. */
  readonly text: string;
  /** As `foldBytes` leaves it. */
  readonly folded: readonly Uint8Array[];
  /** As UTF-8 of a skeleton; null where nothing is to be found by its looks. */
  readonly skeleton: Uint8Array | null;
}

/** What to look for in bytes for a rule: of each group one needle must be there. No group where nothing is certain. */
export type NeedleGroups = readonly (readonly Needle[])[];

/**
 * What tells a rule's identity from others: the identity itself, else its keys, else its digests, else its extensions,
 * else its issuer. The issuer is not asked for besides, since bytes of an unknown kind may well not name it.
 */
export function needlesOf(rule: CompiledRule): NeedleGroups {
  const identity = textNeedles([rule.identity?.literal ?? '']);
  if (identity.length > 0) return identity;
  if (rule.keys !== null) return [[...rule.keys.values()].flatMap(keyNeedles)];
  if (rule.digests !== null) return [[...rule.digests].map(hexNeedle)];
  const extensions = textNeedles(rule.extensions.map(({ value }) => value.literal));
  return extensions.length > 0 ? extensions : textNeedles([rule.issuer?.literal ?? '']);
}

function textNeedles(literals: readonly string[]): NeedleGroups {
  const encode = (text: string) => new TextEncoder().encode(text);
  return literals.flatMap((text) => {
    const folded = foldBytes(encode(text));
    if (folded.length < MIN_NEEDLE) return [];
    const skeleton = encode(skeletonOf(text));
    return [[{ text, folded: [folded], skeleton: skeleton.length < MIN_SKELETON ? null : skeleton }]];
  });
}

/** The fingerprint, and the key itself where it is known. */
function keyNeedles({ sha256, spki }: { readonly sha256: string; readonly spki?: string }): Needle[] {
  const fingerprint = hexNeedle(sha256);
  if (spki === undefined) return [fingerprint];
  return [{ ...fingerprint, folded: [...fingerprint.folded, foldBytes(fromHex(spki))] }];
}

/** Written out, and as bytes, which base64 decodes to. */
function hexNeedle(hex: string): Needle {
  return { text: hex, folded: [new TextEncoder().encode(hex), foldBytes(fromHex(hex))], skeleton: null };
}
