import { missingForNext } from '#lib/provenance/ml-level/judge.ts';
import type { MlLevelNumber } from '#lib/provenance/ml-level/level-check.ts';
import { LEVEL_OUTCOME, ML_LEVEL, slsaWords } from '#lib/provenance/ml-level/level-words.ts';
import { ExpectationError } from '#lib/services/verification/expectation.ts';
import { type AskedLevel, askLevel } from '../asked-level.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { print, printFacts, printJson } from '../output.ts';

const LEVELS: Readonly<Record<string, MlLevelNumber>> = { 1: 1, 2: 2, 3: 3, 4: 4 };

export const level: CliCommand = {
  options: [
    { flags: '--model-version <version>', description: 'This version: its label, id or root; else the newest' },
    { flags: '--require <level>', description: 'The level, 1 to 4, that must be reached (1)' },
    { flags: '--all', description: 'Print every check, not only what is missing for the next level' },
    { flags: '--summary', description: 'Print a verification summary (VSA) of SLSA, to be signed by you' },
    {
      flags: '--verifier <uri>',
      description: 'With --summary: who stands behind it; access.public-url where not said',
    },
    { flags: '--server <url>', description: 'Ask this Modeltrail, over its API, and not a database' },
    { flags: '--token-file <file>', description: 'File whose first line is a token of the scope read' },
    { flags: '--config <file>', description: 'Configuration that names the database' },
    { flags: '--database <file>', description: 'The database itself; then no configuration is read' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail level granite --model-version 1.2.0 --all',
    'modeltrail level granite --require 2 --server https://modeltrail.models.example --token-file token',
    'modeltrail level granite --summary --verifier https://modeltrail.models.example > vsa.json',
  ],
  exitCodes: {
    0: 'the level is reached',
    1: 'it is not, or no such model or version is known',
    2: 'no answer: wrong arguments, or no database or server',
  },
  async run(input) {
    const model = input.positional(0) ?? '';
    const version = input.text('model-version') ?? null;
    const required = LEVELS[input.text('require') ?? '1'];
    if (model === '') throw new UsageError('Name a model by its slug or exact name.');
    if (required === undefined) throw new UsageError('--require takes a level: 1, 2, 3 or 4.');
    const summary = input.flag('summary') ? { required, verifier: readVerifier(input) } : null;
    try {
      const asked = await askLevel(input, { model, version, summary });
      if (asked.summary) printJson(asked.summary);
      else if (input.flag('json')) printJson(toJson(asked));
      else report(asked, input.flag('all'));
      return asked.level.level >= required ? EXIT.good : EXIT.bad;
    } catch (error) {
      if (!(error instanceof ExpectationError)) throw error;
      if (input.flag('json')) printJson({ outcome: 'unknown', reason: error.message });
      else print(error.message);
      return EXIT.bad;
    }
  },
};

function readVerifier(input: CommandInput): string | null {
  const verifier = input.text('verifier');
  if (verifier === undefined) return null;
  if (URL.canParse(verifier)) return verifier;
  throw new UsageError(
    '--verifier is no URI. Write an address that stands for you, such as https://modeltrail.models.example.',
  );
}

function toJson({ model, version, level }: AskedLevel): object {
  return { model, version, ...level, word: ML_LEVEL[level.level].word };
}

function report({ model, version, level: found }: AskedLevel, isAll: boolean): void {
  const { word, meaning } = ML_LEVEL[found.level];
  const { build, source } = slsaWords(found);
  print(`${model} ${version.label ?? version.root}: ${word}`, meaning, '');
  printFacts([
    ['SLSA Build', `${build}. ${found.slsaBuild.why}`],
    ['SLSA Source', `${source}. ${found.slsaSource.why}`],
    ['Rests on', found.bundleId ?? 'no statement of provenance'],
  ]);
  const shown = isAll ? found.checks : missingForNext(found);
  if (shown.length === 0) return;
  print('', isAll ? 'Every check:' : `Missing for ML-L${found.level + 1}:`);
  for (const { id, outcome, title, how, mend } of shown) {
    print(`${LEVEL_OUTCOME[outcome].word.toLowerCase().padEnd(9)}  ${id.padEnd(4)}  ${title}`, `${INDENT}${how}`);
    if (outcome !== 'met') print(`${INDENT}${mend}`);
  }
}

const INDENT = ' '.repeat(17);
