import { TIERS } from '#db/schema/incident.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { decideArtifacts, MOST_DECIDED } from '#lib/services/incident/decide.ts';
import { listIncidentArtifactIds } from '#lib/services/incident/list-artifacts.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { quietContext } from '../database.ts';
import {
  COMMAND_LINE,
  INCIDENT_EXIT_CODES,
  INCIDENT_OPTIONS,
  requireIncident,
  withIncidents,
} from '../incident-database.ts';
import type { CommandInput } from '../input.ts';
import { print, printJson } from '../output.ts';

export const incidentDecide: CliCommand = {
  options: [
    { flags: '--artifact <number>', description: 'An artifact, as incident show numbers it; repeatable' },
    { flags: '--all-undecided', description: 'Instead: all that nobody has decided about' },
    { flags: '--tier <word>', description: `With --all-undecided: only those of ${TIERS.join(', ')}` },
    { flags: '--affected', description: 'They must not be used, also when the incident is closed' },
    { flags: '--cleared', description: 'They are not affected' },
    { flags: '--reason <text>', description: 'Why; kept in the audit trail' },
    ...INCIDENT_OPTIONS,
  ],
  examples: [
    'modeltrail incident decide 7 --artifact 12 --affected --reason "Trained on the poisoned rows"',
    'modeltrail incident decide 7 --all-undecided --tier not-excluded --cleared --reason "Another data set, by the run’s log"',
  ],
  exitCodes: INCIDENT_EXIT_CODES,
  run(input) {
    if (input.flag('affected') === input.flag('cleared'))
      throw new UsageError('Say --affected or --cleared, one of the two.');
    const decision = input.flag('affected') ? 'affected' : 'cleared';
    const reason = input.text('reason');
    if (reason === undefined) throw new UsageError('Say why: --reason TEXT.');
    return withIncidents(input, async (database) => {
      const { id, number, evaluatedAt } = await requireIncident(database, input);
      const filter = { tier: readTier(input), decision: 'undecided' } as const;
      const artifactIds = input.flag('all-undecided')
        ? listIncidentArtifactIds(database, { id, filter, by: evaluatedAt, limit: MOST_DECIDED + 1 })
        : readArtifacts(input);
      decideArtifacts(quietContext(database), { id, actor: COMMAND_LINE, artifactIds, decision, reason });
      if (input.flag('json')) printJson({ incident: id, decision, artifactIds });
      else print(`#${number}: ${formatPlural(artifactIds.length, 'artifact')} decided to be ${decision}.`);
      return EXIT.good;
    });
  },
};

function readArtifacts(input: CommandInput): number[] {
  const named = input.texts('artifact');
  if (named.length === 0 || input.text('tier') !== undefined) {
    throw new UsageError('Name artifacts with --artifact, or take --all-undecided, with --tier if you like.');
  }
  return named.map((text) => {
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new UsageError(`--artifact ${text} is no number. modeltrail incident show numbers them.`);
  });
}

function readTier(input: CommandInput): (typeof TIERS)[number] | undefined {
  const word = input.text('tier');
  const tier = TIERS.find((known) => known === word);
  if (word !== undefined && tier === undefined)
    throw new UsageError(`There is no tier ${word}. Choose of ${TIERS.join(', ')}.`);
  return tier;
}
