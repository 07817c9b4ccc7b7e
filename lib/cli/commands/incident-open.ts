import { SEVERITIES } from '#db/schema/incident.ts';
import { parseScope, readScope } from '#lib/provenance/read-scope.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { getIncident } from '#lib/services/incident/get.ts';
import { openIncident } from '#lib/services/incident/open.ts';
import { previewScope } from '#lib/services/incident/preview.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { quietContext } from '../database.ts';
import { COMMAND_LINE, INCIDENT_EXIT_CODES, INCIDENT_OPTIONS, withIncidents } from '../incident-database.ts';
import { describeTiers, printArtifacts, printIncident } from '../incident-report.ts';
import type { CommandInput } from '../input.ts';
import { print, printJson } from '../output.ts';
import { readFileUpTo } from '../read-file.ts';

const MAX_SCOPE = 200_000;
const PREVIEWED = 100;

export const incidentOpen: CliCommand = {
  options: [
    { flags: '--dataset <alias>', description: 'A data set that it is about: digest, name or address; repeatable' },
    { flags: '--identity <id>', description: 'An identity that it is about, whole; repeatable' },
    { flags: '--scope <file>', description: 'Instead: the scope as JSON, as the API takes it' },
    { flags: '--title <text>', description: 'One line that says what went wrong' },
    { flags: '--severity <word>', description: `${SEVERITIES.join(', ')}; high if not said` },
    { flags: '--preview', description: 'Say what the scope reaches, and open nothing' },
    ...INCIDENT_OPTIONS,
  ],
  examples: [
    'modeltrail incident open --dataset https://data.models.example/reviews --preview',
    'modeltrail incident open --dataset sha256:… --title "Reviews poisoned in March" --severity critical',
  ],
  exitCodes: { ...INCIDENT_EXIT_CODES, 0: 'opened, or with --preview: worked out' },
  async run(input) {
    if (input.positionals().length > 0)
      throw new UsageError('It takes no arguments: name what it is about by options.');
    const scope = await readAskedScope(input);
    return withIncidents(input, async (database) => {
      if (input.flag('preview')) {
        const { counts, artifacts } = await previewScope(database, { scope, limit: PREVIEWED });
        if (input.flag('json')) printJson({ counts, artifacts });
        else {
          print(`The scope reaches ${describeTiers(counts.tiers, counts.deployed)}.`);
          printArtifacts(artifacts);
        }
        return EXIT.good;
      }
      const title = input.text('title');
      if (title === undefined) throw new UsageError('Say in a line what went wrong: --title TEXT.');
      const severity = readSeverity(input);
      const row = openIncident(quietContext(database), { title, severity, scope, ownerId: null, actor: COMMAND_LINE });
      const incident = await getIncident(database, row.id);
      if (incident === null) throw new Error(`the incident ${row.id} was not kept`);
      if (input.flag('json')) printJson(incident);
      else printIncident(incident);
      return EXIT.good;
    });
  },
};

/** @throws {UsageError} where nothing, or two things, say what it is about. */
async function readAskedScope(input: CommandInput): Promise<Scope> {
  const file = input.text('scope');
  const parts = [
    ...input.texts('dataset').map((alias) => ({ is: { kind: 'dataset', alias } })),
    ...input.texts('identity').map((identity) => ({ is: { kind: 'identity', identity } })),
  ];
  if ((file === undefined) === (parts.length === 0)) {
    throw new UsageError('Say what it is about: --dataset or --identity, or --scope with a file.');
  }
  try {
    if (file !== undefined)
      return parseScope(Buffer.from(await readFileUpTo(file, MAX_SCOPE, 'scope')).toString('utf8'));
    return readScope(parts.length === 1 ? parts[0] : { any: parts });
  } catch (error) {
    if ((error as Error).name !== 'ScopeError') throw error;
    throw new UsageError((error as Error).message);
  }
}

function readSeverity(input: CommandInput): (typeof SEVERITIES)[number] {
  const word = input.text('severity') ?? 'high';
  const severity = SEVERITIES.find((known) => known === word);
  if (severity === undefined) throw new UsageError(`There is no severity ${word}. Choose of ${SEVERITIES.join(', ')}.`);
  return severity;
}
