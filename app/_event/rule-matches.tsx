import type { EventDetail } from '#lib/services/event/get.ts';
import { MATCH_NOTES, type MatchNote } from '#lib/watch/match-note.ts';
import { Value } from '../_ui/value.tsx';

const HOW = {
  exact: 'byte for byte',
  folded: 'not byte for byte',
  'look-alike': 'another name that looks like it',
  bytes: 'found in bytes that could not be read',
} as const;

type RuleMatch = Omit<EventDetail['rules'][number], 'eventId'>;

/** The rules that something met: in which of its fields, with what, and how well. */
export function RuleMatches({ matches }: { matches: readonly RuleMatch[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {matches.map(({ rule, field, value, how, own, notes }) => (
        <li key={rule}>
          <span className="font-medium">
            <Value value={rule} limit={60} isText />
          </span>
          {own ? ' (own)' : ''}: {field} <Value value={value} limit={60} />, {HOW[how]}
          {readNotes(notes).map((note) => (
            <span key={note} className="block text-claimed">
              {note}
            </span>
          ))}
        </li>
      ))}
    </ul>
  );
}

/** What else is to be known of a match, in sentences. */
function readNotes(notes: string): string[] {
  const codes = JSON.parse(notes) as string[];
  return codes.map((code) => (code in MATCH_NOTES ? MATCH_NOTES[code as MatchNote] : code));
}
