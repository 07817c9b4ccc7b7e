import { z } from 'zod';
import { formatUtc } from '#lib/provenance/format.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import type { CommandInput } from '../input.ts';
import { print, printFacts, printJson } from '../output.ts';
import { ModeltrailServer } from '../server.ts';

const declaredSchema = z.object({
  id: z.string(),
  validFromAt: z.number(),
  validUntilAt: z.number(),
  uses: z.number(),
  used: z.number(),
  eventIds: z.array(z.string()),
});

const HOUR = 3_600_000;

export const expect: CliCommand = {
  options: [
    { flags: '--digest <hex>', description: 'What is signed: digest of the artifact, payload or statement' },
    { flags: '--identity <name>', description: 'Who signs, as the certificate names them; with --issuer' },
    { flags: '--issuer <url>', description: 'The OpenID Connect issuer of --identity' },
    { flags: '--run <url>', description: 'The run that signs, as the certificate names it' },
    { flags: '--uses <n>', description: 'Most signings that it accounts for; 1 if not said' },
    { flags: '--hours <n>', description: 'For how long it counts, at most 720 hours; 24 if not said' },
    { flags: '--note <text>', description: 'For people; shown with the event' },
    { flags: '--server <url>', description: 'The Modeltrail to tell, over its API' },
    { flags: '--token-file <file>', description: 'File whose first line is a token of the scope ingest' },
    { flags: '--json', description: 'Print one JSON object' },
  ],
  examples: [
    'modeltrail expect --digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 --server https://modeltrail.models.example --token-file token',
    'modeltrail expect --identity release-bot@models.example --issuer https://accounts.models.example --uses 2 --hours 1 --server https://modeltrail.models.example --token-file token',
  ],
  exitCodes: {
    0: 'declared',
    1: 'refused: the declaration is not one that can be taken',
    2: 'no answer: wrong arguments, or no server',
  },
  async run(input) {
    if (input.positionals().length > 0)
      throw new UsageError('Say what is expected with --digest, --identity or --run.');
    const [url, tokenFile] = [input.text('server'), input.text('token-file')];
    if (url === undefined || tokenFile === undefined) {
      throw new UsageError('Name the Modeltrail to tell, and its token: --server and --token-file.');
    }
    const declaration = readDeclaration(input);
    const server = await ModeltrailServer.open(url, tokenFile);
    try {
      const answer = await server.post('/expected-signings', {
        schema: declaredSchema,
        body: JSON.stringify(declaration),
        type: 'application/json',
        explained: [400],
      });
      if (!answer.isGood) {
        const { code, detail } = answer.problem;
        if (input.flag('json')) printJson({ outcome: 'refused', code, reason: detail });
        else print(`refused: ${detail}`);
        return EXIT.bad;
      }
      if (input.flag('json')) printJson({ outcome: 'declared', ...answer.value });
      else report(answer.value);
      return EXIT.good;
    } finally {
      await server.close();
    }
  },
};

function readDeclaration(input: CommandInput) {
  const criteria = {
    digest: input.text('digest'),
    identity: input.text('identity'),
    issuer: input.text('issuer'),
    run: input.text('run'),
  };
  if (Object.values(criteria).every((value) => value === undefined)) {
    throw new UsageError('Say what is expected: --digest, --identity with --issuer, or --run.');
  }
  const hours = readCount(input, 'hours', 720);
  return {
    ...criteria,
    note: input.text('note'),
    uses: readCount(input, 'uses', 1000),
    validUntilAt: hours === undefined ? undefined : Date.now() + hours * HOUR,
  };
}

function readCount(input: CommandInput, name: string, most: number): number | undefined {
  const text = input.text(name);
  if (text === undefined) return undefined;
  const count = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= most) return count;
  throw new UsageError(`--${name} ${text} is no whole number from 1 to ${most}.`);
}

function report({ id, validFromAt, validUntilAt, uses, used }: z.infer<typeof declaredSchema>): void {
  print(`${id}: declared`);
  printFacts([
    ['Counts', `from ${formatUtc(validFromAt)} until ${formatUtc(validUntilAt)}`],
    ['Accounts for', `${used} of ${uses} so far`],
  ]);
}
