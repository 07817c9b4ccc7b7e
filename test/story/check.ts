/**
 * Checks the recorded story against itself, apart from the product's own code: `node test/story/check.ts`.
 * Trees and checkpoints by the definition, bundles with @sigstore/verify, model roots from the files.
 */
import { createPublicKey } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { countEvents, type StoryEntry, type StoryFacts, type StoryLogFacts } from './facts.ts';
import { sha256 } from './files.ts';
import { readRules, ruleOf } from './match-check.ts';
import { modelVersion } from './oms.ts';
import { bundlePaths, leafHash, merkleRoot, noteKeyId, openCheckpoint, parseBundle, tiles } from './tree.ts';

/** Throws at the first fact that does not hold; says what was checked, a line each. */
export function checkStory(directory: string): string[] {
  const checked: string[] = [];
  const facts = JSON.parse(readFileSync(join(directory, 'story.json'), 'utf8')) as StoryFacts;
  for (const log of facts.logs) {
    const entries = checkLog(join(directory, 'log', log.origin), log);
    checkMatches(directory, facts, log.origin, entries);
    checked.push(`${log.origin}: ${log.size} entries, ${log.checkpoints.length} checkpoints`);
  }
  checkChapters(facts);
  for (const { directory: folder, files, model, version, omsRoot } of facts.models) {
    const read = Object.fromEntries(files.map(({ path }) => [path, readFileSync(join(directory, folder, path))]));
    same(modelVersion(model, version, read).root, omsRoot, `root of ${model} ${version}`);
  }
  checkRepositories(directory, facts);
  const verified = checkBundles(directory, facts);
  const { events, byLog, byAuthenticity, byClaim, byRule } = facts.counts;
  same(
    JSON.stringify(countEvents(facts.entries, facts.unlogged)),
    JSON.stringify({ events, byLog, byAuthenticity, byClaim, byRule }),
    'counts',
  );
  checked.push(`${facts.entries.length} story entries, ${events} events; no rule meets the noise`);
  checked.push(`${facts.repositories.length} repositories; ${facts.unlogged.length} signatures in no log`);
  return [...checked, `${facts.models.length} model roots; ${verified} bundles verify, ${facts.broken.length} do not`];
}

/** Each entry and each unlogged signature is told in one chapter, in that chapter's wave. */
function checkChapters(facts: StoryFacts): void {
  const told = facts.chapters.flatMap(({ tells }) => tells);
  const known = [...facts.entries, ...facts.unlogged].map(({ id }) => id);
  same([...told].sort().join(), known.sort().join(), 'what the chapters tell');
  for (const { id, wave } of facts.entries) {
    same(wave, facts.chapters.find(({ tells }) => tells.includes(id))?.wave, `wave of ${id}`);
  }
}

/** Story entries stand where they should; apart from those that nobody can decide yet, the rules meet just them. */
function checkMatches(directory: string, facts: StoryFacts, origin: string, entries: readonly Buffer[]): void {
  const rules = readRules(join(directory, 'modeltrail.yaml'));
  const told = new Map(facts.entries.filter(({ log }) => log === origin).map((entry) => [entry.logIndex, entry]));
  for (const [index, bytes] of entries.entries()) {
    const entry = told.get(index);
    const decidable = entry === undefined || entry.kind.endsWith(' 0.0.2');
    if (decidable) same(ruleOf(bytes, rules), entry?.rule ?? null, `rule met by entry ${index} of ${origin}`);
    if (entry !== undefined) same(leafHash(bytes).toString('hex'), entry.leafHash, `leaf of ${entry.id}`);
  }
}

/** Reads the tree back and compares every tile and checkpoint; gives the entries. */
function checkLog(folder: string, log: StoryLogFacts): Buffer[] {
  const key = createPublicKey({ key: Buffer.from(log.publicKey, 'base64'), format: 'der', type: 'spki' });
  same(noteKeyId(log.origin, Buffer.from(log.publicKey, 'base64').subarray(-32)).toString('hex'), log.logId, 'log id');
  const entries = bundlePaths(log.size).flatMap((path) => parseBundle(readFileSync(join(folder, path))));
  same(entries.length, log.size, `entries of ${log.origin}`);
  const expected = tiles(entries);
  const stored = readdirSync(join(folder, 'tile'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  same(stored.length, expected.size, `tiles of ${log.origin}`);
  for (const [path, bytes] of expected) {
    if (!bytes.equals(readFileSync(join(folder, path))))
      throw new Error(`${path} of ${log.origin} is not what the entries give`);
  }
  const leaves = entries.map(leafHash);
  same(merkleRoot(leaves).toString('base64'), log.root, `root of ${log.origin}`);
  for (const size of log.checkpoints) {
    const opened = openCheckpoint(readFileSync(join(folder, 'checkpoints', String(size)), 'utf8'), key);
    same(opened.size, size, `size of checkpoint ${size}`);
    same(opened.root.toString('hex'), merkleRoot(leaves.slice(0, size)).toString('hex'), `root of checkpoint ${size}`);
  }
  for (const size of log.splitView) {
    const opened = openCheckpoint(readFileSync(join(folder, 'split-view', String(size)), 'utf8'), key);
    if (opened.root.equals(merkleRoot(leaves.slice(0, size)))) throw new Error(`split view ${size} is the tree itself`);
  }
  return entries;
}

/** Verifies each kept bundle and sees each broken one refused; gives the number of the former. */
function checkBundles(directory: string, facts: StoryFacts): number {
  const root = TrustedRoot.fromJSON(JSON.parse(readFileSync(join(directory, 'trusted_root.json'), 'utf8')));
  const verifier = new Verifier(toTrustMaterial(root));
  const kept = facts.entries.filter((entry) => entry.bundle !== null);
  for (const entry of kept) verifyBundle(verifier, directory, entry);
  for (const { path, why } of facts.broken) {
    if (accepted(verifier, readFileSync(join(directory, path), 'utf8'))) throw new Error(`${path} (${why}) verifies`);
  }
  const files = readdirSync(join(directory, 'bundles'), { recursive: true, withFileTypes: true }).filter((f) =>
    f.isFile(),
  );
  for (const { bundle, trustedAs } of facts.unlogged) {
    if (accepted(verifier, readFileSync(join(directory, bundle), 'utf8')))
      throw new Error(`${bundle} verifies without ${trustedAs}`);
  }
  same(files.length, kept.length + facts.unlogged.length + facts.broken.length, 'files in bundles/');
  return kept.length;
}

/** The files of each repository are what they are said to be, and a signature that lies beside them fits or does not. */
function checkRepositories(directory: string, facts: StoryFacts): void {
  for (const { directory: folder, model, version, omsRoot, signature, changed } of facts.repositories) {
    const paths = readdirSync(join(directory, folder)).filter((path) => path !== 'model.sig');
    const read = Object.fromEntries(paths.map((path) => [path, readFileSync(join(directory, folder, path))]));
    same(modelVersion(model, version, read).root, omsRoot, `root of ${folder}`);
    const signed = facts.models.find((of) => of.model === model && of.version === version);
    const differing = signed?.files.filter(({ path, sha256: digest }) => sha256(read[path] ?? '') !== digest) ?? [];
    same(differing.map(({ path }) => path).join(), changed.join(), `changed files of ${folder}`);
    same(existsSync(join(directory, folder, 'model.sig')), signature !== 'none', `signature in ${folder}`);
  }
}

function verifyBundle(verifier: Verifier, directory: string, entry: StoryEntry): void {
  const bundle = bundleFromJSON(JSON.parse(readFileSync(join(directory, entry.bundle ?? ''), 'utf8')));
  const artifact = entry.artifact === null ? undefined : readFileSync(join(directory, entry.artifact));
  const signer = verifier.verify(toSignedEntity(bundle, artifact));
  same(signer.identity?.subjectAlternativeName, entry.identity ?? undefined, `signer of ${entry.bundle}`);
  same(signer.identity?.extensions?.issuer, entry.issuer ?? undefined, `issuer of ${entry.bundle}`);
}

function accepted(verifier: Verifier, text: string): boolean {
  try {
    verifier.verify(toSignedEntity(bundleFromJSON(JSON.parse(text))));
    return true;
  } catch {
    return false;
  }
}

function same(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: ${String(actual)} where ${String(expected)} was expected`);
}

if (process.argv[1] === import.meta.filename) {
  console.log(checkStory(join(import.meta.dirname, '../fixtures/story')).join('\n'));
}
