import { createPublicKey } from 'node:crypto';
import type { OpenDatabase } from '#db/client.ts';
import { checksumLine } from '#lib/hash-list/write-checksum-line.ts';
import { isHashType } from '#lib/model-signing/resource.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { getBundleBytes } from '#lib/services/bundle/get.ts';
import { getCheckpointNote, getEntryBytes, getInclusionProof } from '#lib/services/event/get-download.ts';
import { collectEvidence, type ModelEvidence } from '#lib/services/export/collect-evidence.ts';
import { getManifest } from '#lib/services/export/get-manifest.ts';
import { getTrustRoot } from '#lib/services/export/get-trust-root.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { exportReadme } from '../export-readme.ts';
import { type NewFolder, writeFolderWhole } from '../new-folder.ts';
import { print, printJson } from '../output.ts';

/** The programs of GNU coreutils and BLAKE3 that check lists of each hash, and how such lists are called. */
const PROGRAMS = { sha256: 'sha256sum', blake2b: 'b2sum', blake3: 'b3sum' } as const;

export const exportModel: CliCommand = {
  options: [
    { flags: '--to <folder>', description: 'The folder to make; one that holds something is refused' },
    { flags: '--model-version <version>', description: 'Only this version: its label, id or root' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail export granite --to evidence',
    'modeltrail export granite --model-version 1.2.0 --to evidence',
  ],
  exitCodes: {
    0: 'exported: the folder is whole',
    1: 'no such model or version is known; nothing is written',
    2: 'no answer: wrong arguments, a folder that is not empty or cannot be written, or no database',
  },
  async run(input) {
    const [model, to] = [input.positional(0) ?? '', input.text('to')];
    const version = input.text('model-version') ?? null;
    if (to === undefined) throw new UsageError('Say where the evidence goes: --to FOLDER.');
    if (model === '') throw new UsageError('Name a model by its slug or exact name.');
    const database = openExisting(databasePath(input));
    try {
      const evidence = await collectEvidence(database, { model, version });
      const missing = !evidence ? `No model ${model} is known here.` : findMissing(evidence, model, version);
      if (!evidence || missing !== null) {
        if (input.flag('json')) printJson({ outcome: 'unknown', reason: missing });
        else print(missing ?? '');
        return EXIT.bad;
      }
      await writeFolderWhole(to, (folder) => fill(folder, database, evidence));
      const { versions, bundles, entries, findings } = evidence;
      const counts = { versions: versions.length, bundles: bundles.length, events: entries.length };
      if (input.flag('json')) printJson({ outcome: 'exported', folder: to, ...counts, findings: findings.length });
      else print(`${evidence.model.name}: ${describe(counts)} in ${to}. README.txt says how to verify them.`);
      return EXIT.good;
    } finally {
      database.close();
    }
  },
};

function findMissing({ versions }: ModelEvidence, model: string, version: string | null): string | null {
  return versions.length > 0 || version === null ? null : `The model ${model} has no version ${version} here.`;
}

function describe({ versions, bundles, events }: { versions: number; bundles: number; events: number }): string {
  return `${formatPlural(versions, 'version')}, ${formatPlural(bundles, 'bundle')} and ${formatPlural(events, 'event')}`;
}

async function fill(folder: NewFolder, database: OpenDatabase, evidence: ModelEvidence): Promise<void> {
  const trust = await getTrustRoot(database);
  if (trust) await folder.write('trusted_root.json', trust.json);
  const checksums = await writeManifests(folder, database, evidence);
  for (const { bundleId } of evidence.bundles) {
    const bytes = await getBundleBytes(database, { id: bundleId });
    if (bytes) await folder.write(`bundles/${bundleId}.sigstore.json`, bytes);
  }
  await writeEntries(folder, database, evidence);
  const { model, versions, findings } = evidence;
  await folder.write('model.json', toJson({ ...model, versions }));
  await folder.write('findings.json', toJson(findings));
  const facts = { at: Date.now(), trustSha256: trust?.sha256 ?? null, checksums };
  await folder.write('README.txt', exportReadme(evidence, facts));
}

/** @returns the lists of checksums; there is none of shards, which no such program reads, nor of a model of one file. */
async function writeManifests(folder: NewFolder, database: OpenDatabase, { versions }: ModelEvidence) {
  const checksums: { path: string; program: string }[] = [];
  for (const { id, method, hashType, signings } of versions) {
    const { resources, statement } = await getManifest(database, { versionId: id, signings });
    if (statement) await folder.write(`versions/${id}/statement.json`, statement);
    await folder.write(`versions/${id}/manifest.json`, toJson(resources));
    const isListed = method === 'files' && resources.every(({ name }) => name !== '.');
    if (!isListed || !isHashType(hashType)) continue;
    const program = PROGRAMS[hashType];
    const path = `versions/${id}/manifest.${program}`;
    await folder.write(path, resources.map((file) => `${checksumLine(file, hashType, false)}\n`).join(''));
    checksums.push({ path, program });
  }
  return checksums;
}

/** Under the names that the pages of events give them. */
async function writeEntries(folder: NewFolder, database: OpenDatabase, { entries }: ModelEvidence): Promise<void> {
  const written = new Set<number>();
  for (const { eventId: id, log } of entries) {
    const files = [
      { ending: 'entry', content: await getEntryBytes(database, { id }) },
      { ending: 'tlog-proof', content: await getInclusionProof(database, { id }) },
      { ending: 'checkpoint', content: await getCheckpointNote(database, { id }) },
    ];
    for (const { ending, content } of files)
      if (content !== null) await folder.write(`entries/${id}.${ending}`, content);
    if (!log || written.has(log.id)) continue;
    written.add(log.id);
    const key = createPublicKey({ key: Buffer.from(log.key), format: 'der', type: 'spki' });
    await folder.write(`logs/log-${log.id}.pem`, key.export({ format: 'pem', type: 'spki' }));
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
