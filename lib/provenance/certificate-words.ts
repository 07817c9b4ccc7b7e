import type { State } from './state.ts';

export const CERTIFICATE_STATES = ['waiting', 'used', 'unused', 'not-covered'] as const;
export const EVENT_CERTIFICATE_STATES = ['waiting', 'in-ct', 'missing', 'not-covered'] as const;

export type CertificateState = (typeof CERTIFICATE_STATES)[number];
export type EventCertificateState = (typeof EVENT_CERTIFICATE_STATES)[number];

/** What is known of the use of a certificate that a certificate log shows. */
export const CERTIFICATE: Readonly<Record<CertificateState, State>> = {
  used: { tone: 'proven', word: 'Used', meaning: 'An entry of a log was signed with it, and is proved.' },
  waiting: {
    tone: 'unknown',
    word: 'Waiting',
    meaning: 'No entry of it was found so far; it is early, or not everything that could have one has been read.',
  },
  unused: {
    tone: 'broken',
    word: 'Unused',
    meaning: 'No log that we read has an entry of it: it was issued, and what it signed was not published.',
  },
  'not-covered': {
    tone: 'unknown',
    word: 'Not covered',
    meaning: 'It is of a time, or of a name, for which no log was read that could have an entry of it.',
  },
};

/** In place of its state for one that cannot be read: nothing tells what would be an entry of it. */
const UNREAD_CERTIFICATE: State = {
  tone: 'unknown',
  word: 'Cannot be read',
  meaning: 'This version cannot read it. Its bytes were searched for watched strings, and nothing tells of its use.',
};

/** The state of a certificate as people are shown it; `undecided` says why it cannot be read, null where it can. */
export function certificateState(state: CertificateState, undecided: string | null): State {
  return undecided !== null && state === 'waiting' ? UNREAD_CERTIFICATE : CERTIFICATE[state];
}

/** Whether the certificate of an entry is where its authority must publish it. */
export const EVENT_CERTIFICATE: Readonly<Record<EventCertificateState, State>> = {
  'in-ct': { tone: 'proven', word: 'In a certificate log', meaning: 'A certificate log has the certificate, proved.' },
  waiting: {
    tone: 'unknown',
    word: 'Waiting',
    meaning: 'No certificate log has shown the certificate so far, and its time is not up.',
  },
  missing: {
    tone: 'broken',
    word: 'Missing',
    meaning: 'A certificate log signed that it would hold the certificate, and by its own word does not.',
  },
  'not-covered': {
    tone: 'unknown',
    word: 'Not covered',
    meaning: 'No certificate log that we follow has vouched for the certificate.',
  },
};

/** What this way of watching sees, and what it cannot: said wherever its results are shown. */
export const CERTIFICATE_COVERAGE: readonly string[] = [
  'Certificate logs show the certificates that Fulcio issued, whether or not anything was published that they signed.',
  'They do not show signatures with bare keys, and no certificate that somebody made without Fulcio.',
  'Of a Rekor v1 log whose entries are not read, its search index is asked for the names in certificates: it may keep silent, and nothing would show it.',
];
