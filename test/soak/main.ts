import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { temporaryFolder } from '#test/support/product.ts';
import { SoakDatabase } from './database.ts';
import { type Identity, mintIdentities } from './identity.ts';
import { type LogSizes, sizesNow } from './log-head.ts';
import { readStack, type Stack } from './stack.ts';
import { TornJobs } from './torn-jobs.ts';
import { judge, type Verdict } from './verdict.ts';
import { Writer, type WrittenApi } from './writer.ts';

/**
 * Soak on a Sigstore stack of one's own: entries are written to its logs while the product's jobs follow them, and are killed
 * at random points. In the end every watched entry must be an event once, and nothing else may be. With `--start end` the
 * jobs begin at the end of the logs and search back what was written before. Run by hand:
 *
 *   SIGSTORE_STACK_DIR=… node test/soak/main.ts [--entries 20000] [--kills 200] [--logs v2,v1] [--start 0|end]
 *
 * The folder holds endpoints.json and trusted_root.json of a running stack. Without it nothing is tried: exit 2.
 */
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '20000' },
    kills: { type: 'string', default: '200' },
    logs: { type: 'string', default: 'v2,v1' },
    start: { type: 'string', default: '0' },
  },
});

const CATCH_UP_LIMIT = 30 * 60_000;

async function main(): Promise<number> {
  const folder = process.env.SIGSTORE_STACK_DIR ?? '';
  if (!existsSync(join(folder, 'endpoints.json'))) {
    console.error('Skipped: nothing was tried. SIGSTORE_STACK_DIR names no folder with endpoints.json.');
    return 2;
  }
  const stack = readStack(folder);
  const [entries, kills] = [Number(values.entries), Number(values.kills)];
  const apis = values.logs.split(',').map((name): WrittenApi => `rekor-${name === 'v1' ? 'v1' : 'v2'}`);
  const work = temporaryFolder();
  const identities = await mintIdentities(stack, randomBytes(4).toString('hex'));
  const config = writeConfig(work.path, stack, identities);
  const database = new SoakDatabase(join(work.path, 'modeltrail.db'));
  const jobs = new TornJobs(config, database);
  const writer = new Writer(stack, identities);

  const began = Date.now();
  // What is written before the product first looks is history, where it begins at the end.
  const early = values.start === 'end' ? Math.ceil(entries / 10) : 0;
  writer.allow(early);
  await writer.write(early, apis);
  await jobs.runUntil(async () => isTakenUp(database), 120_000);
  const writing = writer.write(entries - early, apis);
  for (let kill = 1; kill <= kills; kill++) {
    writer.allow(Math.ceil(entries / kills));
    await jobs.startAndKill();
    if (kill % 10 === 0) console.log(`${kill} kills, ${writer.written.length} entries written`);
  }
  writer.allow(entries);
  await writing;
  const torn = (Date.now() - began) / 1000;
  const sizes = await sizesNow(database.logs());
  const isCaughtUp = await jobs.runUntil(async () => hasReached(database, sizes), CATCH_UP_LIMIT);

  const verdicts: Verdict[] = [
    {
      what: 'entries written',
      found: `${writer.written.length} in ${torn.toFixed(0)} s`,
      ok: writer.written.length > 0,
    },
    { what: 'refused by a log', found: writer.refusals[0] ?? 'none', ok: writer.refusals.length === 0 },
    { what: 'without an answer', found: String(writer.unconfirmed.size), ok: null },
    { what: 'kills', found: String(kills), ok: null },
    { what: 'exits that nobody asked for', found: jobs.ownExits.join('; ') || 'none', ok: jobs.ownExits.length === 0 },
    { what: 'caught up in the end', found: isCaughtUp ? 'yes' : 'no', ok: isCaughtUp },
    ...judge(database, sizes, writer, identities),
  ];
  const isGood = report(verdicts);
  if (isGood) work.remove();
  else console.log(`The database and its log file stay in ${work.path}.`);
  return isGood ? 0 : 1;
}

/** Follows every log of the stack. */
function writeConfig(folder: string, stack: Stack, identities: readonly Identity[]): string {
  const path = join(folder, 'modeltrail.yaml');
  const start = values.start === 'end' ? 'end' : Number(values.start);
  const watch = identities
    .filter(({ isWatched }) => isWatched)
    .map(({ label, certificates: [certificate] }) => ({
      name: label,
      own: true,
      identity: { exact: certificate?.san ?? '' },
      issuer: { exact: certificate?.issuer ?? '' },
    }));
  const config = {
    organisation: { name: 'Soak', contact: 'soak@models.example' },
    database: './modeltrail.db',
    trust: { file: stack.trustedRoot },
    logs: {
      discover: true,
      start,
      'back-fill': true,
      poll: '100ms',
      'rekor-v1': 'entries',
      list: [
        { origin: stack.rekor2Origin, url: stack.rekor2 },
        { origin: stack.rekor1Hostname, url: stack.rekor1 },
      ],
    },
    watch,
  };
  writeFileSync(path, stringify(config));
  return path;
}

function isTakenUp(database: SoakDatabase): boolean {
  const logs = database.logs();
  return logs.length > 0 && logs.every(({ startIndex }) => startIndex !== null);
}

function hasReached(database: SoakDatabase, sizes: LogSizes): boolean {
  if (database.openBackfills() > 0 || database.openFaults().length > 0) return false;
  return database
    .logs()
    .every(
      ({ origin, downloaded, verified }) => downloaded === verified && verified >= (sizes.get(origin) ?? Infinity),
    );
}

function report(verdicts: readonly Verdict[]): boolean {
  const width = Math.max(...verdicts.map(({ what }) => what.length));
  for (const { what, found, ok } of verdicts) {
    const word = ok === null ? '' : ok ? 'as it must be' : 'NOT AS IT MUST BE';
    console.log(`${what.padEnd(width)}  ${found.padEnd(40)}  ${word}`.trimEnd());
  }
  return verdicts.every(({ ok }) => ok !== false);
}

process.exitCode = await main();
