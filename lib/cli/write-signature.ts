import { lstat } from 'node:fs/promises';
import { formatUtc } from '#lib/provenance/format.ts';
import { type SignedStatement, signStatement } from '#lib/signing/sign-statement.ts';
import { type CliCommand, UsageError } from './command.ts';
import type { IngestOutcome } from './ingest-outcome.ts';
import { IngestServer } from './ingest-server.ts';
import type { CommandInput } from './input.ts';
import type { OpenedSigner } from './signing-options.ts';
import { chooseTrust } from './trust.ts';
import { writeFileWhole } from './write-file.ts';

/** Of every command that writes a signature. */
export const SIGNATURE_OPTIONS: CliCommand['options'] = [
  { flags: '--force', description: 'Overwrite a signature that is there already' },
  { flags: '--server <url>', description: 'Modeltrail to hand the signature to; needs --token-file' },
  { flags: '--token-file <file>', description: 'File with a token of the scope ingest for --server' },
  { flags: '--json', description: 'Print one JSON object' },
];

/** @throws {UsageError} where a signature would be overwritten without --force. */
export async function refuseOverwriting(input: CommandInput, path: string): Promise<void> {
  if (input.flag('force')) return;
  const isThere = await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
  if (isThere) throw new UsageError(`${path} is there already. Name another file, or overwrite it with --force.`);
}

/** The server that `--server` names, opened; null without one. @throws {UsageError} */
export async function openServer(input: CommandInput): Promise<IngestServer | null> {
  const [server, tokenFile] = [input.text('server'), input.text('token-file')];
  if (server === undefined && tokenFile === undefined) return null;
  if (server === undefined || tokenFile === undefined) throw new UsageError('--server and --token-file go together.');
  return IngestServer.open(server, tokenFile);
}

export interface WrittenSignature {
  readonly signed: SignedStatement;
  readonly ingested: IngestOutcome | null;
}

/** Signs, verifies, writes, and hands in: each only where the step before succeeded. */
export async function writeSignature(
  input: CommandInput,
  prepare: () => Promise<OpenedSigner>,
  {
    statement,
    path,
    server,
  }: { readonly statement: Uint8Array; readonly path: string; readonly server: IngestServer | null },
): Promise<WrittenSignature> {
  const { root } = await chooseTrust(input);
  const signer = await prepare();
  try {
    const signed = await signStatement(statement, signer.method, root);
    await refuseOverwriting(input, path);
    await writeFileWhole(path, signed.bundle, 'signature');
    return { signed, ingested: server ? await handIn(server, path, signed.bundle) : null };
  } finally {
    await signer.close();
  }
}

async function handIn(server: IngestServer, path: string, bundle: string): Promise<IngestOutcome> {
  try {
    return await server.ingest(Buffer.from(bundle));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `${path} is signed and written, but was not handed in. ${error.message} Try again with ingest.`,
    );
  }
}

/** The signer and what proves the time, for people. */
export function signatureFacts({ signed: { verdict }, ingested }: WrittenSignature): [string, string][] {
  const time = verdict.signedAt === null ? 'nothing shows when' : formatUtc(verdict.signedAt);
  return [
    ['Signed by', describeSigner(verdict)],
    ['Signed at', time],
    ['Logged', verdict.logged ? 'yes' : 'no: nothing shows that it was not signed in secret'],
    ...(ingested ? [['Handed in', describeIngested(ingested)] as [string, string]] : []),
  ];
}

/** The same as values. */
export function signatureReport({ signed: { verdict }, ingested }: WrittenSignature): object {
  return {
    signer: describeSigner(verdict),
    signedAt: verdict.signedAt === null ? null : new Date(verdict.signedAt).toISOString(),
    logged: verdict.logged,
    ingested,
  };
}

function describeSigner(verdict: SignedStatement['verdict']): string {
  if (!verdict.logged) {
    const { signer } = verdict;
    return signer.method === 'key' ? `key sha256:${signer.fingerprint}` : (signer.san ?? signer.subject);
  }
  const [san] = verdict.signer?.certificate.sans ?? [];
  const issuer = verdict.signer?.certificate.issuer.value ?? null;
  return issuer === null ? (san?.value ?? 'nobody named') : `${san?.value} through ${issuer}`;
}

function describeIngested({ outcome, isNew, reason }: IngestOutcome): string {
  if (outcome === 'refused') return `refused: ${reason}`;
  return isNew ? 'taken' : 'known already';
}
