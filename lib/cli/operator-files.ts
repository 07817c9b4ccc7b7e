import type { X509Certificate } from 'node:crypto';
import { loadOperatorTrust, type NamedFile, type OperatorTrustFiles } from '#lib/sigstore/operator-trust.ts';
import { TrustError } from '#lib/sigstore/trust-error.ts';

/** What the files under `trust.keys` and `trust.authorities` come to, a line each. */
export interface OperatorFilesReport {
  readonly keys: readonly string[];
  readonly authorities: readonly string[];
  /** Of each file that cannot be used: its key in the configuration, what is wrong, and the mend. */
  readonly problems: readonly string[];
}

/** Reads every file by itself, so that all problems are found at once. */
export async function readOperatorFiles({ keys, authorities }: OperatorTrustFiles): Promise<OperatorFilesReport> {
  const problems: string[] = [];
  const attempt = async (place: string, read: () => Promise<string>): Promise<string[]> => {
    try {
      return [await read()];
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      problems.push(`${place}: ${error.message}`);
      return [];
    }
  };
  const read = { keys: [] as string[], authorities: [] as string[] };
  for (const [i, file] of keys.entries()) {
    read.keys.push(...(await attempt(`trust.keys[${i}]`, () => describeKey(file))));
  }
  for (const [i, file] of authorities.entries()) {
    read.authorities.push(...(await attempt(`trust.authorities[${i}]`, () => describeAuthority(file))));
  }
  return { ...read, problems };
}

async function describeKey(file: NamedFile): Promise<string> {
  const { keys } = await loadOperatorTrust({ keys: [file], authorities: [] });
  return `${file.name}: ${keys.map(({ key, fingerprint }) => `${key.asymmetricKeyType}, sha256:${fingerprint}`).join('')}`;
}

async function describeAuthority(file: NamedFile): Promise<string> {
  const { authorities } = await loadOperatorTrust({ keys: [], authorities: [file] });
  const certificates = authorities.flatMap((authority) => authority.certificates.map(describeCertificate));
  return `${file.name}: ${certificates.join('; ')}`;
}

function describeCertificate({ subject, fingerprint256, validToDate }: X509Certificate): string {
  const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase();
  const until = validToDate.toISOString().slice(0, 10);
  return `${subject.replaceAll('\n', ', ')}, sha256:${fingerprint}, until ${until}`;
}
