import { createPublicKey, hash } from 'node:crypto';
import { formatUtc } from '#lib/provenance/format.ts';
import { identifyLog, type LogKey } from '#lib/sigstore/log-key.ts';
import { type OperatorTrust, parseTrustedAuthority, parseTrustedKey } from '#lib/sigstore/operator-trust.ts';
import { parseTrustedRoot, type TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type ArchiveCheck, ArchiveError } from './checklist.ts';
import type { ArchivedTrust } from './documents.ts';
import type { ZipArchive } from './zip-reader.ts';

/** A trust root of whoever verifies, with what to say of where it comes from. */
export interface OwnTrust {
  readonly root: TrustedRoot;
  /** Of the trusted_root.json, lowercase hex. */
  readonly sha256: string;
  readonly source: string;
  /** Keys and authorities that they trust besides; null to take those that the archive brings. */
  readonly operator: OperatorTrust | null;
}

/** Whom to believe while an archive is verified. */
export interface ArchiveTrust {
  /** The first that verifies something decides. */
  readonly roots: readonly TrustedRoot[];
  readonly operator: OperatorTrust;
  /** Whether these keys and authorities are those that the archive brings. */
  readonly isOperatorBrought: boolean;
  /** Logs besides those of the roots, which only the archive vouches for. */
  readonly logs: readonly LogKey[];
  readonly check: ArchiveCheck;
}

/**
 * The trust to verify with: one's own, else what the archive brings along, which shows no more than that it holds together.
 *
 * @throws {ArchiveError | TrustError} where what it brings cannot be read, also if it is not needed.
 */
export function chooseArchiveTrust(zip: ZipArchive, trust: ArchivedTrust, own: OwnTrust | null): ArchiveTrust {
  const inside = readRoots(zip, trust);
  const broughtOperator = readOperator(zip, trust);
  const logs = trust.logs.map(readOwnLog);
  const operator = own?.operator ?? broughtOperator;
  const brought = [
    ...(own?.operator
      ? []
      : [...trust.keys, ...trust.authorities].map(
          ({ name }) => `The key or authority “${name}” is the one that the archive brings.`,
        )),
    ...trust.logs.map(({ origin }) => `The key of the log ${origin} is the one that the archive brings.`),
    ...(trust.problem === null ? [] : [`Keys or authorities of the operator are not in it: ${trust.problem}`]),
  ];
  return {
    roots: own ? [own.root] : inside,
    operator,
    isOperatorBrought: own?.operator == null,
    logs,
    check: describe(trust, own, brought),
  };
}

function describe(trust: ArchivedTrust, own: OwnTrust | null, brought: readonly string[]): ArchiveCheck {
  const name = 'trust';
  if (own === null) {
    const which = trust.root === null ? 'There is none in it' : `It is sha256:${trust.root.sha256}`;
    const since = trust.earlier.length === 0 ? '' : `, with ${trust.earlier.length} of before`;
    const statement = `The trust root is the one that the archive brings. ${which}${since}. Verified with it, an archive only holds together: whoever made it could have made the root. Give your own with --trusted-root.`;
    return { name, outcome: 'not-checked', statement, details: brought };
  }
  const same =
    trust.root?.sha256 === own.sha256
      ? 'The one in the archive is the same.'
      : `The one in the archive is another${trust.root === null ? '' : `, sha256:${trust.root.sha256}`}, and was not used.`;
  const statement = `The trust root is yours: ${own.source}, sha256:${own.sha256}. ${same}`;
  return { name, outcome: brought.length === 0 ? 'passed' : 'not-checked', statement, details: brought };
}

function readRoots(zip: ZipArchive, { root, earlier }: ArchivedTrust): TrustedRoot[] {
  return [...(root ? [root] : []), ...earlier].map(({ file, sha256 }) => {
    const bytes = zip.read(file);
    if (hash('sha256', bytes) !== sha256) throw new ArchiveError(`${file} is another trust root than trust.json says.`);
    return parseTrustedRoot(bytes);
  });
}

function readOperator(zip: ZipArchive, { keys, authorities }: ArchivedTrust): OperatorTrust {
  const pem = (file: string) => zip.read(file).toString('latin1');
  return {
    keys: keys.map(({ name, file }) => parseTrustedKey(name, pem(file), file)),
    authorities: authorities.map(({ name, file }) => parseTrustedAuthority(name, pem(file), file)),
  };
}

function readOwnLog({ origin, logId, keyDetails, publicKey }: ArchivedTrust['logs'][number]): LogKey {
  const baseUrl = `https://${origin}`;
  const spkiDer = Buffer.from(publicKey, 'base64');
  try {
    const key = createPublicKey({ key: spkiDer, format: 'der', type: 'spki' });
    const identity = identifyLog(new URL(baseUrl), Buffer.from(logId, 'hex'), spkiDer);
    if (identity) return { ...identity, baseUrl, logId, keyDetails, spkiDer, key, validFrom: 0, validUntil: null };
  } catch {
    // Said below, as for an id that the key does not give.
  }
  throw new ArchiveError(`The key of the log ${origin} in trust.json does not give the log's id.`);
}

/** For statements about times. */
export const at = (ms: number | null): string => (ms === null ? 'no time' : formatUtc(ms));
