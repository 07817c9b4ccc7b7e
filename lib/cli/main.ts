#!/usr/bin/env node
import '#lib/node-version.ts';
import { type CAC, type Command, cac } from 'cac';
import { VERSION } from '#lib/version.ts';
import { type CliCommand, EXIT, type ExitCode, UsageError } from './command.ts';
import { CommandInput } from './input.ts';
import { printError } from './output.ts';

// The command line: npm run modeltrail -- COMMAND, or npx modeltrail COMMAND.

interface ListedCommand {
  /** Its name of one word or two, then its arguments. */
  readonly usage: string;
  readonly description: string;
  /** Only the command that is run is loaded: a verification needs no database. */
  load(): Promise<CliCommand>;
}

const COMMANDS: readonly ListedCommand[] = [
  {
    usage: 'status',
    description: 'Say how far each log is verified, and what needs somebody',
    load: () => import('./commands/status.ts').then(({ status }) => status),
  },
  {
    usage: 'ingest [...files]',
    description: 'Take bundles into the database, or hand them to a server',
    load: () => import('./commands/ingest.ts').then(({ ingest }) => ingest),
  },
  {
    usage: 'token create <name>',
    description: 'Make a token of the API, and print it this once',
    load: () => import('./commands/token-create.ts').then(({ tokenCreate }) => tokenCreate),
  },
  {
    usage: 'token list',
    description: 'List the tokens of the API with what they may do',
    load: () => import('./commands/token-list.ts').then(({ tokenList }) => tokenList),
  },
  {
    usage: 'token revoke <name>',
    description: 'Take a token out of use',
    load: () => import('./commands/token-revoke.ts').then(({ tokenRevoke }) => tokenRevoke),
  },
  {
    usage: 'log thaw <origin>',
    description: 'Follow a log again that was frozen for contradicting itself',
    load: () => import('./commands/log-thaw.ts').then(({ logThaw }) => logThaw),
  },
  {
    usage: 'config check [file]',
    description: 'Check a configuration, and print what it comes to',
    load: () => import('./commands/config-check.ts').then(({ configCheck }) => configCheck),
  },
  {
    usage: 'config schema',
    description: 'Print the JSON Schema of modeltrail.yaml, for editors',
    load: () => import('./commands/config-schema.ts').then(({ configSchema }) => configSchema),
  },
  {
    usage: 'bundle verify <file>',
    description: 'Verify a Sigstore bundle offline, and print every check',
    load: () => import('./commands/bundle-verify.ts').then(({ bundleVerify }) => bundleVerify),
  },
  {
    usage: 'proof verify',
    description: "Verify that an entry is in a log, from the files of an event's page alone",
    load: () => import('./commands/proof-verify.ts').then(({ proofVerify }) => proofVerify),
  },
];

/** Errors whose message says all that the user needs. */
const EXPECTED = new Set(['ConfigError', 'TrustError', 'ShardError', 'RuleError', 'DatabaseVersionError']);

async function main(typed: readonly string[]): Promise<ExitCode> {
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
    if (name !== undefined) return await (cli.runMatchedCommand() as Promise<ExitCode>);
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

function nameOf(usage: string): string {
  return usage.replace(/ ?[<[].*$/, '');
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
