import { formatCount } from '#lib/provenance/format.ts';
import type { EventDetail } from '#lib/services/event/get.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { Panel } from '../_ui/panel.tsx';
import { Digest, Value } from '../_ui/value.tsx';
import { RuleMatches } from './rule-matches.tsx';

const KNOWN_FROM = {
  tail: 'the log, read by our tail',
  bundle: 'a bundle; our tail has not read the entry',
  index: "the log's search index, by a model's digest; the entry itself was proved, our tail has not read it",
} as const;

/** Where: the log, the place in it, and how the entry came here. */
export function WhereBlock({ detail: { event, log, rules } }: { detail: EventDetail }) {
  const facts: Fact[] = [];
  if (log)
    facts.push([
      'Log',
      <AppLink key="log" href={`/logs/${log.id}`}>
        <Value value={log.origin} limit={60} />
      </AppLink>,
    ]);
  else
    facts.push([
      'Log',
      <span key="log" className="text-muted">
        {event.logIndex === null ? 'not logged' : 'a log that is not followed'}
      </span>,
    ]);
  if (event.logIndex !== null) facts.push(['Index', formatCount(event.logIndex)]);
  if (event.treeSize !== null) facts.push(['Tree size of the proof', formatCount(event.treeSize)]);
  if (event.leafHash !== null) facts.push(['Leaf hash', <Digest key="leaf" value={event.leafHash} copy="leaf hash" />]);
  facts.push([
    'Kind of entry',
    event.kind === null ? (
      <span key="kind" className="text-muted">
        not told
      </span>
    ) : (
      <Value key="kind" value={event.kind} limit={40} />
    ),
  ]);
  facts.push(['Known from', KNOWN_FROM[event.seenBy]]);
  facts.push([
    'Watch rules',
    rules.length === 0 ? (
      <span key="rules" className="text-muted">
        none; a bundle led here
      </span>
    ) : (
      <RuleMatches key="rules" matches={rules} />
    ),
  ]);
  return (
    <Panel title="Where" id="where">
      <Facts facts={facts} />
    </Panel>
  );
}
