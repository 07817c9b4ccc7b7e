import { z } from 'zod';
import { writeModeltrailManifest } from '#lib/hash-list/modeltrail-manifest.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { hashToList } from '../given-list.ts';
import type { CommandInput } from '../input.ts';
import { MODEL_OPTIONS } from '../model-options.ts';
import { print, printFacts, printJson } from '../output.ts';
import { ModeltrailServer } from '../server.ts';

const deploymentSchema = z.object({
  id: z.string(),
  environment: z.string(),
  service: z.string(),
  name: z.string().nullable(),
  versions: z.array(z.object({ id: z.string(), model: z.object({ name: z.string() }), label: z.string().nullable() })),
  given: z.string(),
  startedAt: z.number(),
  confirmedAt: z.number(),
  endedAt: z.number().nullable(),
  refused: z.boolean(),
  verdict: z.object({ signature: z.string(), weakest: z.string().nullable(), refusals: z.array(z.string()) }),
  notices: z.array(z.object({ number: z.number(), title: z.string(), refuses: z.boolean() })),
});
const registeredSchema = z.object({
  outcome: z.enum(['started', 'confirmed']),
  replaced: z.string().nullable(),
  deployment: deploymentSchema,
});
const pageSchema = z.object({ deployments: z.array(deploymentSchema) });

type Deployment = z.infer<typeof deploymentSchema>;

export const deployed: CliCommand = {
  options: [
    { flags: '--digest <digest>', description: 'What runs: sha256:… of the model, its only file or its image' },
    { flags: '--model <name>', description: 'What runs: a model, by slug or exact name; with --label' },
    { flags: '--label <label>', description: 'What the version of --model is called' },
    { flags: '--folder <path>', description: 'What runs: a model on the disk, which is hashed' },
    { flags: '--end', description: 'It runs no more; then nothing says what' },
    { flags: '--server <url>', description: 'The Modeltrail to tell, over its API' },
    { flags: '--token-file <file>', description: 'File whose first line is a token of the scope deploy' },
    { flags: '--json', description: 'Print one JSON object' },
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail deployed production chat --folder ./model --server https://modeltrail.models.example --token-file token',
    'modeltrail deployed production chat --model granite --label 1.2.0 --server https://modeltrail.models.example --token-file token',
    'modeltrail deployed production chat --end --server https://modeltrail.models.example --token-file token',
  ],
  exitCodes: {
    0: 'registered, and nothing speaks against it; or ended',
    1: 'refused: it is registered, and should not run; or what runs is not known',
    2: 'no answer: wrong arguments, or no server',
  },
  async run(input) {
    const [environment, service, ...more] = input.positionals();
    if (environment === undefined || service === undefined || more.length > 0) {
      throw new UsageError('Say where it runs: modeltrail deployed ENVIRONMENT SERVICE.');
    }
    const what = readWhat(input);
    const [url, tokenFile] = [input.text('server'), input.text('token-file')];
    if (url === undefined || tokenFile === undefined) {
      throw new UsageError('Name the Modeltrail to tell, and its token: --server and --token-file.');
    }
    const server = await ModeltrailServer.open(url, tokenFile);
    try {
      if (what === 'end') return await end(server, input, { environment, service });
      return await register(server, input, { environment, service, ...(await what()) });
    } finally {
      await server.close();
    }
  },
};

type What = () => Promise<Readonly<Record<string, unknown>>>;

function readWhat(input: CommandInput): What | 'end' {
  const [digest, model, version, folder] = [
    input.text('digest'),
    input.text('model'),
    input.text('label'),
    input.text('folder'),
  ];
  const given = [digest, model ?? version, folder].filter((value) => value !== undefined).length;
  if (input.flag('end')) {
    if (given > 0) throw new UsageError('--end ends what runs there, whatever it is. Leave out the rest.');
    return 'end';
  }
  if (given !== 1) throw new UsageError('Say what runs: --digest, --model with --label, or --folder.');
  if (digest !== undefined) return async () => ({ digest });
  if (folder !== undefined) {
    return async () => ({ manifest: JSON.parse(writeModeltrailManifest(await hashToList(input, folder))) });
  }
  if (model === undefined || version === undefined) {
    throw new UsageError('A version is named by its model and what it is called: --model and --label.');
  }
  return async () => ({ model, version });
}

async function register(server: ModeltrailServer, input: CommandInput, body: object): Promise<number> {
  const answer = await server.post('/deployments', {
    schema: registeredSchema,
    body: JSON.stringify(body),
    type: 'application/json',
    explained: [400, 422],
  });
  if (!answer.isGood) {
    const { code, detail } = answer.problem;
    if (input.flag('json')) printJson({ outcome: 'refused', code, reason: detail });
    else print(`refused: ${detail}`);
    return EXIT.bad;
  }
  const { outcome, replaced, deployment } = answer.value;
  if (input.flag('json')) printJson(answer.value);
  else report(deployment, outcome, replaced);
  return deployment.refused ? EXIT.bad : EXIT.good;
}

async function end(
  server: ModeltrailServer,
  input: CommandInput,
  place: { readonly environment: string; readonly service: string },
): Promise<number> {
  const running = await server.get(`/deployments?${new URLSearchParams(place)}`, { schema: pageSchema });
  const found = running.isGood ? running.value.deployments : [];
  const ended: Deployment[] = [];
  for (const { id } of found) {
    const path = `/deployments/${encodeURIComponent(id)}/end`;
    const answer = await server.post(path, { schema: deploymentSchema, body: '{}', type: 'application/json' });
    if (answer.isGood) ended.push(answer.value);
  }
  if (input.flag('json')) printJson({ ended });
  else if (ended.length === 0) print(`Nothing is registered as running in ${place.environment} ${place.service}.`);
  else for (const deployment of ended) print(`${deployment.id}: ended`);
  return EXIT.good;
}

function report(deployment: Deployment, outcome: string, replaced: string | null): void {
  const { id, name, versions, given, refused, verdict, notices, startedAt, confirmedAt } = deployment;
  print(`${id}: ${outcome}${refused ? ', and refused' : ''}`);
  const known = versions.map(({ model, label }) => showText(label === null ? model.name : `${model.name} ${label}`));
  printFacts([
    ['Runs', known.length > 0 ? known.join(', ') : showText(name ?? given)],
    ['Since', `${formatUtc(startedAt)}, confirmed ${formatUtc(confirmedAt)}`],
    ...(replaced === null ? [] : [['Replaces', replaced] as const]),
    ['Signature', verdict.signature],
    ['Weakest link', verdict.weakest ?? 'no input is stated'],
  ]);
  for (const refusal of verdict.refusals) print(`refused: ${showText(refusal)}`);
  for (const { number, title, refuses } of notices) {
    if (!refuses) print(`notice: part of incident #${number} cannot be excluded: ${showText(title)}`);
  }
}
