import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenDatabase } from '#db/client.ts';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { isHashType } from '#lib/model-signing/resource.ts';
import type { AliasName } from '#lib/provenance/input-name.ts';
import { findByDigest } from '#lib/services/lookup/find-by-digest.ts';
import type { KnownThing } from '#lib/services/lookup/known-thing.ts';
import { lookUp } from '#lib/services/lookup/look-up.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { databasePath, openExisting } from '../database.ts';
import { describeHashed } from '../hash-output.ts';
import { hashingProgress } from '../hashing-progress.ts';
import type { CommandInput } from '../input.ts';
import { MODEL_OPTIONS, readModelOptions } from '../model-options.ts';
import { print, printFacts, printJson } from '../output.ts';

interface LookedUp {
  /** What files on the disk came to, as `algorithm:hex`; empty where no file was read. */
  readonly digests: readonly string[];
  readonly known: readonly KnownThing[];
}

const MAX_WHAT = 8192;

export const lookup: CliCommand = {
  options: [
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail lookup release-bot@models.example',
    'modeltrail lookup sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'modeltrail lookup ./model --database modeltrail.db',
  ],
  exitCodes: {
    0: 'known: what is known is printed; whether it is good is said there',
    1: 'nothing is known of it',
    2: 'no answer: wrong arguments, a file that cannot be read, or no database',
  },
  async run(input) {
    const what = input.positional(0) ?? '';
    if (what === '' || what.length > MAX_WHAT) {
      throw new UsageError(`What to look up has 1 to ${MAX_WHAT} characters.`);
    }
    const database = openExisting(databasePath(input));
    try {
      const found = await find(input, database, what);
      if (input.flag('json')) printJson({ what, ...found });
      else report(what, found);
      return found.known.length > 0 ? EXIT.good : EXIT.bad;
    } finally {
      database.close();
    }
  },
};

/** A name that is known comes before a file of that name; `./name` is always the file. */
async function find(input: CommandInput, database: OpenDatabase, what: string): Promise<LookedUp> {
  if (!/^\.{0,2}\//.test(what) && what !== '.' && what !== '..') {
    const known = await lookUp(database, { what });
    if (known.length > 0 || !existsSync(what)) return { digests: [], known };
  }
  const names = await hashPath(input, what);
  return {
    digests: names.map(({ scheme, value }) => `${scheme}:${value}`),
    known: await findByDigest(database, names),
  };
}

/** The names that files alone give: of a folder its OMS roots and manifest id, of one file its digest too. */
async function hashPath(input: CommandInput, path: string): Promise<AliasName[]> {
  const asked = readModelOptions(input, path, [join(path, 'model.sig')]);
  const { end, ...progress } = hashingProgress(`Hashing ${path}`);
  const files = await readModelFiles(path, { ...asked, ...progress }).finally(end);
  if (files.resources.length === 0) throw new UsageError(`${path} has no file to hash. Is it the right folder?`);
  const { roots, manifestId } = describeHashed(path, asked, files);
  const [only] = files.resources;
  const ofFile = files.isSingleFile && only && isHashType(only.algorithm) ? [only] : [];
  const ids = new Set([roots.python, roots.specification, manifestId]);
  return [
    ...ofFile.map(({ algorithm, digest }) => ({ scheme: algorithm, value: digest })),
    ...[...ids].map((value) => ({ scheme: 'sha256', value })),
  ];
}

function report(what: string, { digests, known }: LookedUp): void {
  if (digests.length > 0) print(`${what} comes to ${digests.join(', ')}`, '');
  if (known.length === 0) print(`${what}: nothing is known of it.`);
  for (const { kind, name, state, page, facts } of known) {
    print(`${kind} ${name}${state === null ? '' : `: ${state}`}`);
    printFacts([...Object.entries(facts), ['page', page]], '  ');
  }
}
