import type { Tier } from './scope.ts';
import type { State } from './state.ts';

export type IncidentState = 'open' | 'under-review' | 'contained' | 'closed';
export type Severity = 'low' | 'medium' | 'high' | 'critical';
export type Decision = 'affected' | 'cleared';

export const INCIDENT_STATE: Readonly<Record<IncidentState, State>> = {
  open: { tone: 'broken', word: 'Open', meaning: 'Somebody said that something went wrong; nobody looks into it yet.' },
  'under-review': {
    tone: 'broken',
    word: 'Under review',
    meaning: 'Somebody works out what is affected, and decides about each.',
  },
  contained: {
    tone: 'claimed',
    word: 'Contained',
    meaning: 'What is affected is out of use as far as is known; new events are still watched for.',
  },
  closed: {
    tone: 'unknown',
    word: 'Closed',
    meaning: 'Nothing joins it any more. What was decided to be affected stays refused.',
  },
};

/** Where an incident can go from each state. Reopening is the way back from closed. */
export const NEXT_STATES: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  open: ['under-review', 'contained', 'closed'],
  'under-review': ['open', 'contained', 'closed'],
  contained: ['under-review', 'closed'],
  closed: ['open'],
};

export const SEVERITY: Readonly<Record<Severity, State>> = {
  critical: { tone: 'broken', word: 'Critical', meaning: 'Act now: harm is under way or about to be.' },
  high: { tone: 'broken', word: 'High', meaning: 'Act today: what is deployed is affected, or soon may be.' },
  medium: { tone: 'claimed', word: 'Medium', meaning: 'Act this week.' },
  low: { tone: 'unknown', word: 'Low', meaning: 'Keep an eye on it.' },
};

/** How sure it is that something is affected. */
export const TIER: Readonly<Record<Tier, State>> = {
  proven: {
    tone: 'broken',
    word: 'Proven',
    meaning: 'A verified attestation of somebody whose word counts puts it in the scope.',
  },
  descendant: {
    tone: 'broken',
    word: 'Descendant',
    meaning: 'It was made from something that is proven to be affected.',
  },
  declared: {
    tone: 'claimed',
    word: 'Declared',
    meaning: 'Only a name without a digest, an unsigned file, or a word that does not count puts it in the scope.',
  },
  'not-excluded': {
    tone: 'unknown',
    word: 'Cannot be excluded',
    meaning: 'Same signer or pipeline in the window, and nothing says what it was made from.',
  },
};

export const DECISION: Readonly<Record<Decision, State>> = {
  affected: { tone: 'broken', word: 'Affected', meaning: 'Somebody decided that it must not be used, also later.' },
  cleared: { tone: 'proven', word: 'Cleared', meaning: 'Somebody decided that it is not affected.' },
};

export const UNDECIDED: State = {
  tone: 'claimed',
  word: 'Undecided',
  meaning: 'Nobody has decided yet. Until then its tier says whether it is refused.',
};

const ACTIONS: Readonly<Record<string, string>> = {
  'incident.opened': 'opened it',
  'incident.scope-edited': 'edited the scope',
  'incident.state-set': 'set the state',
  'incident.closed': 'closed it',
  'incident.reopened': 'reopened it',
  'incident.assigned': 'assigned it',
  'incident.severity-set': 'set the severity',
  'incident.noted': 'wrote a note',
  'incident.event-linked': 'linked an event',
  'incident.event-unlinked': 'took an event away',
  'incident.decided': 'decided about artifacts',
  'incident.notice-set': 'set the public notice',
  'incident.notice-withdrawn': 'withdrew the public notice',
  'incident.joined': 'let new artifacts join',
  'incident.left': 'noted artifacts that the scope reaches no more',
  'incident.exported': 'exported the evidence',
};

/** What an action of an incident's chain is called after the name of who did it. */
export function describeAction(action: string): string {
  return ACTIONS[action] ?? action;
}
