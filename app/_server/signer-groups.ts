import { formatPlural } from '#lib/provenance/format.ts';
import type { EventGroup } from '#lib/services/overview/attention.ts';
import { type AttentionGroup, type AttentionItem, name, signerKey, who } from './attention-group.ts';
import { type EventsQuery, eventsUrl } from './events-url.ts';
import type { Situation } from './overview.ts';

/** Verified signings of own identities that nobody had declared. */
const UNDECLARED = { authenticity: 'verified', own: true, undeclared: true } as const;

/** Certificates that name a watched identity without a trusted authority behind them. */
export function impersonations({ attention }: Situation): AttentionGroup {
  const { impersonations: groups } = attention;
  return {
    key: 'impersonations',
    tone: 'broken',
    what: `${formatPlural(groups.length, 'identity is', 'identities are')} named by certificates that prove nothing.`,
    how: 'No trusted authority stands behind the certificates, or their key did not make the signature.',
    next: 'Find out who does it. Anybody can write such an entry; nothing signed so should be trusted.',
    items: groups.map((group) =>
      signerItem(group, { authenticity: 'impersonation' }, formatPlural(group.count, 'entry', 'entries')),
    ),
  };
}

/** Signers whose names look like watched ones. */
export function lookAlikes({ attention }: Situation): AttentionGroup {
  const { lookAlikes: groups } = attention;
  return {
    key: 'look-alikes',
    tone: 'broken',
    what: `${formatPlural(groups.length, 'signer has', 'signers have')} a name that looks like one that is watched.`,
    how: 'With letters that look alike made the same, and invisible ones left out, the names are equal.',
    next: 'Compare them character by character. If it is a stranger, warn those who install what you sign.',
    items: groups.map(({ rule, ...group }) => ({
      key: `${rule} ${signerKey(group)}`,
      about: [...who(group), ', by the rule ', name(rule)],
      at: group.latestAt,
      link: {
        href: eventsUrl({ rule, identity: group.san, issuer: group.issuer }),
        text: formatPlural(group.count, 'entry', 'entries'),
      },
    })),
  };
}

/** Verified signings of own identities that nobody has shown. */
export function unclaimed({ attention }: Situation): AttentionGroup {
  const { unclaimed: groups } = attention;
  return {
    key: 'unclaimed',
    tone: 'claimed',
    what: `${formatPlural(groups.length, 'own identity', 'own identities')} signed what nobody has shown.`,
    how: 'The certificates are genuine and the entries are in the log, but no bundle here says what was signed.',
    next: 'Ask who holds the identity, and put the bundles into a watched directory. If nobody knows of them, the identity is in other hands.',
    items: groups.map((group) =>
      signerItem(group, { ...UNDECLARED, claim: 'unclaimed' }, formatPlural(group.count, 'signing')),
    ),
  };
}

/** Verified signings of own identities that nobody had declared. */
export function unexpected({ attention }: Situation): AttentionGroup {
  const { unexpected: groups } = attention;
  return {
    key: 'unexpected',
    tone: 'broken',
    what: `${formatPlural(groups.length, 'own identity', 'own identities')} signed what nobody had declared.`,
    how: 'The certificates are genuine and the entries are in the log, but no declared signing accounts for them.',
    next: 'Ask who holds the identity. If the signing was meant, declare it (modeltrail expect); if nobody knows of it, the identity is in other hands.',
    items: groups.map((group) => signerItem(group, UNDECLARED, formatPlural(group.count, 'signing'))),
  };
}

/** A signer, with the way to exactly those of their events that `query` picks. */
function signerItem(group: EventGroup, query: Partial<EventsQuery>, text: string): AttentionItem {
  return {
    key: signerKey(group),
    about: who(group),
    at: group.latestAt,
    link: { href: eventsUrl({ ...query, identity: group.san, issuer: group.issuer }), text },
  };
}
