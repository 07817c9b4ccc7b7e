import { HOSTILE_ENTRIES, type HostileEntry } from './entries.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { MISBEHAVIOURS } from './registry.ts';

/** The rows of docs/threat-model.md, "Misbehaviour of logs, each tested": what is written there is what is tested. */
export function misbehaviourRows(): string[] {
  const misbehaving = Object.entries(MISBEHAVIOURS).flatMap(([part, all]) =>
    all.map((one) => row(one.name, one.does, outcome(one), part)),
  );
  const entries = HOSTILE_ENTRIES.map((entry) =>
    row(entry.name, `takes an entry with ${entry.holds}`, entryOutcome(entry), 'entries'),
  );
  return [...misbehaving, ...entries];
}

function row(name: string, does: string, comes: string, part: string): string {
  return `| ${does} | ${comes} | ${name} (${part}) |`;
}

function outcome({ fault, afterwards, holds }: Misbehaviour): string {
  if (!fault) return holds ?? '';
  if (fault.severity === 'misbehaviour') return '**frozen** at once (`inconsistent`), both notes kept';
  const ends = {
    'caught-up': 'catches up once it is well',
    frozen: '**frozen** as soon as it can be compared, both notes kept',
    doubted: 'what it shows is read; the fault stays (`smaller-tree`)',
  };
  return `\`${fault.code}\`; ${ends[afterwards]}`;
}

function entryOutcome({ becomes }: HostileEntry): string {
  return becomes === 'matched' ? 'an event of the rule' : `an event, ${becomes}`;
}
