import { decodeBase64, encodeBase64 } from './base64.ts';
import { quote, TlogError } from './error.ts';
import {
  EVIDENCE_MEDIA_TYPE,
  EVIDENCE_VERSION,
  type LogEvidence,
  MAX_EVIDENCE_BYTES,
  MAX_EVIDENCE_ENTRY_BYTES,
  type ProvedEntry,
} from './evidence.ts';
import { equalBytes, HASH_BYTES } from './hash.ts';
import { MAX_NOTE_BYTES } from './note.ts';
import { isSize } from './size.ts';

/** More than any proof between sizes of up to 2^53 - 1 has. */
const MAX_HASHES = 64;
const MAX_NAME_LENGTH = 1024;
const MAX_KEY_LENGTH = 4096;

type Members = Readonly<Record<string, unknown>>;

/**
 * The bytes of an evidence file: JSON with the members in one order, two spaces a level, and a newline at the end.
 * One text for each evidence, so that none can be changed without being seen.
 */
export function formatEvidence(evidence: LogEvidence): Uint8Array {
  const { kind, origin, key } = evidence;
  const head = { mediaType: EVIDENCE_MEDIA_TYPE, version: EVIDENCE_VERSION, kind, origin, key };
  return new TextEncoder().encode(`${JSON.stringify({ ...head, ...membersOf(evidence) }, null, 2)}\n`);
}

function membersOf(evidence: LogEvidence): Members {
  switch (evidence.kind) {
    case 'fork': {
      const { smaller, larger, prefix, suffix } = evidence;
      return { smaller, larger, prefix: prefix.map(encodeBase64), suffix: suffix.map(encodeBase64) };
    }
    case 'same-size':
      return { first: evidence.first, second: evidence.second };
    case 'entry': {
      const { index, first, second } = evidence;
      return { index, first: membersOfEntry(first), second: membersOfEntry(second) };
    }
    case 'growth-after-freeze':
      return { frozen: evidence.frozen, larger: evidence.larger };
  }
}

function membersOfEntry({ note, entry, proof }: ProvedEntry): Members {
  return { note, entry: encodeBase64(entry), proof: proof.map(encodeBase64) };
}

/**
 * Reads an evidence file. Nothing in it is verified: that is `checkEvidence`'s matter.
 *
 * Throws `bad-evidence` for whatever `formatEvidence` does not give, with the member at fault and how to mend it.
 */
export function parseEvidence(bytes: Uint8Array): LogEvidence {
  if (bytes.length > MAX_EVIDENCE_BYTES) {
    throw bad(`it has ${bytes.length} bytes, more than the ${MAX_EVIDENCE_BYTES} that are read`);
  }
  const file = asObject(parseJson(bytes), 'the file');
  if (file.mediaType !== EVIDENCE_MEDIA_TYPE) throw bad(`its "mediaType" is not ${EVIDENCE_MEDIA_TYPE}`);
  if (file.version !== EVIDENCE_VERSION) {
    throw bad(`its "version" is not ${EVIDENCE_VERSION}; a later Modeltrail may read it`);
  }
  const evidence = readKind(file);
  if (!equalBytes(formatEvidence(evidence), bytes)) {
    throw bad('it is spelled in another way than it was written, or has members of its own; take the original file');
  }
  return evidence;
}

function readKind(file: Members): LogEvidence {
  const log = { origin: asText(file, 'origin', MAX_NAME_LENGTH), key: asText(file, 'key', MAX_KEY_LENGTH) };
  switch (file.kind) {
    case 'fork': {
      const [prefix, suffix] = [asHashes(file, 'prefix'), asHashes(file, 'suffix')];
      return { kind: 'fork', ...log, smaller: asNote(file, 'smaller'), larger: asNote(file, 'larger'), prefix, suffix };
    }
    case 'same-size':
      return { kind: 'same-size', ...log, first: asNote(file, 'first'), second: asNote(file, 'second') };
    case 'entry': {
      const { index } = file;
      if (typeof index !== 'number' || !isSize(index)) throw bad('"index" is no whole number up to 2^53 - 1');
      return { kind: 'entry', ...log, index, first: asEntry(file, 'first'), second: asEntry(file, 'second') };
    }
    case 'growth-after-freeze':
      return { kind: 'growth-after-freeze', ...log, frozen: asNote(file, 'frozen'), larger: asNote(file, 'larger') };
    default:
      throw bad('its "kind" is none of fork, same-size, entry, growth-after-freeze');
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new TlogError('bad-evidence', 'The evidence cannot be read: it is no JSON in UTF-8', { cause });
  }
}

function asObject(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(`${what} is no JSON object`);
  return value as Members;
}

function asText(members: Members, name: string, most: number): string {
  const value = members[name];
  if (typeof value !== 'string' || value === '' || value.length > most || !value.isWellFormed()) {
    throw bad(`${quote(name)} is no text of 1 to ${most} characters`);
  }
  return value;
}

function asNote(members: Members, name: string): string {
  return asText(members, name, MAX_NOTE_BYTES);
}

function asEntry(members: Members, name: string): ProvedEntry {
  const entry = asObject(members[name], quote(name));
  const base64 = entry.entry;
  // An entry may be empty, so that this is no asText.
  if (typeof base64 !== 'string' || base64.length > (MAX_EVIDENCE_ENTRY_BYTES / 3 + 1) * 4) {
    throw bad(`the "entry" of ${quote(name)} is no base64 of at most ${MAX_EVIDENCE_ENTRY_BYTES} bytes`);
  }
  return { note: asNote(entry, 'note'), entry: asBytes(base64, `${name}.entry`), proof: asHashes(entry, 'proof') };
}

function asHashes(members: Members, name: string): Uint8Array[] {
  const list = members[name];
  if (!Array.isArray(list) || list.length > MAX_HASHES) {
    throw bad(`${quote(name)} is no list of at most ${MAX_HASHES} hashes`);
  }
  return list.map((item: unknown, i) => {
    const hash = typeof item === 'string' ? asBytes(item.slice(0, 2 * HASH_BYTES), `${name}[${i}]`) : undefined;
    if (hash?.length !== HASH_BYTES) throw bad(`${quote(`${name}[${i}]`)} is no hash of ${HASH_BYTES} bytes in base64`);
    return hash;
  });
}

function asBytes(base64: string, name: string): Uint8Array {
  try {
    return decodeBase64(base64);
  } catch (cause) {
    throw new TlogError('bad-evidence', `The evidence cannot be read: ${quote(name)} is no canonical base64`, {
      cause,
    });
  }
}

function bad(problem: string): TlogError {
  return new TlogError('bad-evidence', `The evidence cannot be read: ${problem}`);
}
