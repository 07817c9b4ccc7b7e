import { INCIDENT_STATE, SEVERITY } from '#lib/provenance/incident-words.ts';
import { type AttentionGroup, name } from './attention-group.ts';
import type { Situation } from './overview.ts';

/** Incidents that are under way: whoever looks should know of them before anything else. */
export function incidentsUnderWay({ incidents }: Situation): AttentionGroup {
  return {
    key: 'incidents',
    tone: 'broken',
    what: 'Incidents are under way.',
    how: 'Somebody opened them; what their scopes reach is refused until it is cleared.',
    next: 'Open each: decide what is affected, replace what runs, say what consumers are to know.',
    items: incidents.map(({ id, number, title, state, severity, ownerId, openedAt }) => ({
      key: id,
      about: [
        `#${number} `,
        name(title),
        `: ${INCIDENT_STATE[state].word.toLowerCase()}, severity ${SEVERITY[severity].word.toLowerCase()}`,
        ownerId === null ? ', owned by nobody yet' : '',
      ],
      at: openedAt,
      link: { href: `/incidents/${id}`, text: 'The incident' },
    })),
  };
}
