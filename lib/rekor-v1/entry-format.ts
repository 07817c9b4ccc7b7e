import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import type { DecodedEntry, UndecidedEntry } from '#lib/rekor/entry.ts';
import type { EntryFormat } from '#lib/rekor/entry-format.ts';
import { isDecodedOfInterest } from '#lib/rekor/scan.ts';
import { type EntryContent, readFound, readStated } from './entry-kinds.ts';

const MAX_BODY = 32 * 1024 * 1024;

/** Entries of Rekor v1. Whatever of one is not understood leaves the whole entry undecided. */
export const REKOR_V1: EntryFormat = {
  decode: decodeEntryV1,
  isOfInterest: (bytes, matcher) => isDecodedOfInterest(decodeEntryV1(bytes), matcher),
};

/**
 * Reads one entry of Rekor v1: hashedrekord and dsse 0.0.1, intoto 0.0.1 and 0.0.2 and rekord 0.0.1 by their fields, any
 * other kind by the certificates and keys that stand in it.
 *
 * The log writes RFC 8785 canonical JSON, but its server gives at most some hundred entries a second: strict JSON, in
 * which no key stands twice, costs nothing beside that, and reads what other loggers wrote too.
 *
 * Never throws. `bytes` must already be bound to a signed root.
 */
export function decodeEntryV1(bytes: Uint8Array): DecodedEntry | UndecidedEntry {
  let label: string | null = null;
  try {
    const { apiVersion, kind, spec, ...others } = asMap(parseStrictJson(bytes, { maxBytes: MAX_BODY }), 'the body');
    if (typeof kind !== 'string' || typeof apiVersion !== 'string') throw new Error('it does not say what kind it is');
    label = `${kind} ${apiVersion}`.slice(0, 100);
    if (Object.keys(others).length > 0) throw new Error('it has fields that no entry has');
    const stated = readStated(label, asMap(spec, 'spec'));
    return stated ? decoded(label, 'stated', stated) : decoded(label, 'found', readFound(asMap(spec, 'spec')));
  } catch (error) {
    const why = error instanceof JsonError ? error.message : `${(error as Error).message}.`;
    return { undecided: `The entry cannot be read as ${label ?? 'one of Rekor v1'}: ${why}`, kind: label };
  }
}

function decoded(kind: string, signers: DecodedEntry['signers'], { digests, signatures }: EntryContent): DecodedEntry {
  const [first] = digests;
  return {
    kind,
    digestAlgorithm: first?.algorithm ?? null,
    digest: first?.digest ?? null,
    digestOf: first?.of ?? null,
    digests,
    signatures,
    signers,
  };
}

function asMap(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`${at} is not an object`);
}
