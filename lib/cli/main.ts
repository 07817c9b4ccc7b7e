#!/usr/bin/env node
import '#lib/node-version.ts';
import { type CAC, type Command, cac } from 'cac';
import { VERSION } from '#lib/version.ts';
import { type CliCommand, EXIT, type ExitCode, UsageError } from './command.ts';
import { COMMANDS, nameOf } from './command-table.ts';
import { CommandInput } from './input.ts';
import { printError } from './output.ts';

// The command line: npm run modeltrail -- COMMAND, or npx modeltrail COMMAND.

/** Errors whose message says all that the user needs. */
const EXPECTED = new Set([
  'ConfigError',
  'TrustError',
  'ShardError',
  'RuleError',
  'DatabaseVersionError',
  'ModelFilesError',
  'SigningError',
  'StatementError',
  'TrainingLogError',
]);

async function main(typed: readonly string[]): Promise<number> {
  const cli = cac('modeltrail');
  const name = COMMANDS.map(({ usage }) => nameOf(usage)).find((known) =>
    `${typed.join(' ')} `.startsWith(`${known} `),
  );
  try {
    await registerAll(cli, name, typed);
    // cac takes one word for a command's name.
    const args = name === undefined ? typed : [name, ...typed.slice(name.split(' ').length)];
    cli.parse(['', '', ...args], { run: false });
    if (cli.options.help === true || cli.options.version === true) return EXIT.good;
    if (name !== undefined) return await (cli.runMatchedCommand() as Promise<number>);
    const what = typed.length === 0 ? 'No command is given' : `There is no command ${typed.slice(0, 2).join(' ')}`;
    throw new UsageError(`${what}. There are: ${COMMANDS.map(({ usage }) => nameOf(usage)).join(', ')}.`);
  } catch (error) {
    return explain(error, name);
  }
}

async function registerAll(cli: CAC, name: string | undefined, typed: readonly string[]): Promise<void> {
  let exitCodes: CliCommand['exitCodes'] | null = null;
  for (const { usage, description, load } of COMMANDS) {
    const registered = cli.command(usage, description);
    if (nameOf(usage) !== name) continue;
    const command = await load();
    exitCodes = command.exitCodes;
    addDetails(registered, command);
    registered.action(() => command.run(new CommandInput(cli.args, cli.options, typed)));
  }
  cli.version(VERSION);
  cli.help((sections) => {
    if (exitCodes) sections.push({ title: 'Exit codes', body: describeExitCodes(exitCodes) });
    return sections;
  });
}

function addDetails(registered: Command, { options, examples }: CliCommand): void {
  for (const { flags, description } of options) registered.option(flags, description);
  for (const example of examples) registered.example(`  $ ${example}`);
}

function describeExitCodes(exitCodes: CliCommand['exitCodes']): string {
  return Object.entries(exitCodes)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n');
}

/** Nothing that goes wrong here is an answer, so that it must not look like a refusal either. */
function explain(error: unknown, name: string | undefined): ExitCode {
  if (!(error instanceof Error)) throw error;
  const isUsage = error instanceof UsageError || error.name === 'CACError';
  printError(isUsage || EXPECTED.has(error.name) ? error.message : (error.stack ?? error.message));
  if (isUsage) printError(`modeltrail ${name === undefined ? '' : `${name} `}--help says more.`);
  return EXIT.noAnswer;
}

// A reader that goes early, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2));
