import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { matchModelFiles } from '#lib/model-files/match-files.ts';
import { relativeToModel } from '#lib/model-files/walk.ts';
import type { FileMatch } from '#lib/model-signing/match.ts';
import { rootCandidates } from '#lib/model-signing/roots.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { readBundleContent } from '#lib/services/bundle/read-content.ts';
import { MAX_BUNDLE_BYTES, readBundle } from '#lib/sigstore/bundle.ts';
import { readAskedSigner, type SignerQuestion } from './asked-signer.ts';
import { type BundleReport, type ReportedSigner, reportOnBundle } from './bundle-report.ts';
import { UsageError } from './command.ts';
import { contentFacts } from './content-facts.ts';
import { hashingProgress } from './hashing-progress.ts';
import type { CommandInput } from './input.ts';
import type { ModelCheck } from './model-check.ts';
import { readMatchOptions } from './model-options.ts';
import { print, printFacts } from './output.ts';
import { readFileUpTo } from './read-file.ts';
import { type ChosenTrust, chooseTrust } from './trust.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** A bundle with what is wrong with it, null where nothing. */
interface CheckedBundle {
  readonly file: string;
  readonly report: BundleReport;
  readonly problem: string | null;
}

const FILE_WORDS: Readonly<Record<FileMatch['state'], string>> = {
  matches: 'as signed',
  differs: 'differs from what was signed',
  missing: 'signed, but missing',
  extra: 'not signed',
  ignored: 'left out',
  empty: 'empty, of which the signature says nothing',
};

/**
 * Verifies a model with its signature, and makes no request. The files are not read where the signature is refused.
 *
 * @throws {UsageError} where nobody is named who must have signed, unless `--any-signer` says so.
 */
export async function checkOffline(input: CommandInput, path: string): Promise<ModelCheck> {
  const trust = await chooseTrust(input);
  const question = await readAskedSigner(input, trust);
  refuseUnasked(input, question);
  const signatureFile = input.text('signature') ?? (await usualSignature(path));
  const bytes = await readFileUpTo(signatureFile, MAX_BUNDLE_BYTES, 'signature');
  const report = reportOnBundle(bytes, trust, { ...question, now: Date.now(), artifact: null });
  const manifest =
    report.outcome === 'verified' ? readBundleContent(readBundle(bytes), { outcome: 'verified' }).manifest : null;
  const notModel = 'It signs something else than the files of a model.';
  const signature = { file: signatureFile, report, problem: report.reason ?? (manifest ? null : notModel) };
  if (!manifest) return toCheck(path, trust, { signature, attestations: [], files: [], root: null, matches: false });
  const roots = [manifest.root, ...Object.values(rootCandidates(manifest.resources, sha256))];
  const attestations: CheckedBundle[] = [];
  for (const file of input.texts('attestation'))
    attestations.push(await checkAttestation(file, trust, question, roots));
  const progress = hashingProgress(`Verifying ${path}`);
  const { files, matches } = await matchModelFiles(path, manifest, {
    ...readMatchOptions(input, path),
    ...signatureInModel(path, signatureFile),
    allowExtra: input.flag('ignore-unsigned-files'),
    onStart: progress.onStart,
    onProgress: progress.onProgress,
  }).finally(() => progress.end());
  return toCheck(path, trust, { signature, attestations, files, root: manifest.root, matches });
}

/** A signature that lies in the model is no part of it; one that lies elsewhere leaves nothing out. */
function signatureInModel(path: string, file: string): { signatureFile?: string } {
  const [inModel] = relativeToModel(path, [file]);
  return inModel === undefined || inModel === '.' ? {} : { signatureFile: inModel };
}

function refuseUnasked(input: CommandInput, { asked }: SignerQuestion): void {
  const isAny = input.flag('any-signer');
  if (asked && isAny) throw new UsageError('--any-signer contradicts the signer that is named. Leave one out.');
  if (asked || isAny) return;
  throw new UsageError(
    'Say who must have signed: --identity with --issuer, --key, or --authority. Anybody can sign; --any-signer takes whoever did.',
  );
}

async function usualSignature(path: string): Promise<string> {
  const found = await stat(path).catch((error: Error) => {
    throw new UsageError(`The model cannot be read: ${error.message}.`);
  });
  return found.isDirectory() ? join(path, 'model.sig') : `${path}.sig`;
}

async function checkAttestation(
  file: string,
  trust: ChosenTrust,
  question: SignerQuestion,
  roots: readonly string[],
): Promise<CheckedBundle> {
  const bytes = await readFileUpTo(file, MAX_BUNDLE_BYTES, 'attestation');
  const report = reportOnBundle(bytes, trust, { ...question, now: Date.now(), artifact: null });
  if (report.outcome === 'refused') return { file, report, problem: report.reason ?? 'It is refused.' };
  const { content } = report;
  if (content?.kind !== 'statement') return { file, report, problem: 'It is no attestation.' };
  const isAbout = content.subjects.some(({ digests }) =>
    digests.some(({ algorithm, digest }) => algorithm === 'sha256' && roots.includes(digest)),
  );
  return { file, report, problem: isAbout ? null : 'It is about something else than the files that were signed.' };
}

interface Found {
  readonly signature: CheckedBundle;
  readonly attestations: readonly CheckedBundle[];
  readonly files: readonly FileMatch[];
  readonly root: string | null;
  readonly matches: boolean;
}

function toCheck(path: string, trust: ChosenTrust, found: Found): ModelCheck {
  const { signature, attestations, files, root, matches } = found;
  const isGood = matches && [signature, ...attestations].every(({ problem }) => problem === null);
  const { source, sha256: trustSha256, remark } = trust;
  const trustRoot = { source, sha256: trustSha256, remark };
  const outcome = isGood ? 'verified' : 'refused';
  // Offline nobody can know of incidents and retractions: null, and not an empty list.
  const report = { path, outcome, notices: null, root, signature, files, attestations, trustRoot };
  return { isGood, root, receipt: null, report, print: () => printCheck(path, trust, found, isGood) };
}

function printCheck(path: string, trust: ChosenTrust, found: Found, isGood: boolean): void {
  const { signature, attestations, files, root } = found;
  print(`${path}: ${isGood ? 'verified' : 'refused'}`);
  for (const { file, problem } of [signature, ...attestations]) if (problem !== null) print(`${file}: ${problem}`);
  for (const { path: file, state, rule } of files) {
    if (state === 'matches') continue;
    print(`  ${file}: ${FILE_WORDS[state]}${rule === null ? '' : ` (${rule.by}: ${rule.path})`}`);
  }
  const { signer, logged } = signature.report;
  const matching = files.filter(({ state }) => state === 'matches').length;
  printFacts([
    ...(signer ? [['Signed by', describeSigner(signer)] as const] : []),
    ...(signer ? [['Logged', logged ? 'yes' : 'no: nothing shows that it was not signed in secret'] as const] : []),
    ...(root === null ? [['Files', 'not read'] as const] : [['OMS root', `sha256:${root}`] as const]),
    ...(root === null ? [] : [['Files', `${formatPlural(matching, 'file')} as signed`] as const]),
    ['Trust root', `${trust.source}, sha256:${trust.sha256}`],
    ...(trust.remark === null ? [] : [['', trust.remark] as const]),
    ['Incidents', 'not known offline: ask a Modeltrail (--server) whether it is part of one, or retracted'],
  ]);
  for (const { file, report, problem } of attestations) {
    if (problem !== null || !report.content) continue;
    print('', `${file}:`);
    printFacts(contentFacts(report.content));
  }
}

function describeSigner({ value, issuer, keySha256 }: ReportedSigner): string {
  if (keySha256 !== null) return `the bare key ${value}, sha256:${keySha256}`;
  return `${value} through ${issuer ?? 'no issuer'}`;
}
