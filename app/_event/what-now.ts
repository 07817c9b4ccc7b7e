import type { EventDetail } from '#lib/services/event/get.ts';

/** What to do about an event; null where nothing is to be done. */
export function whatNow({ event, rules, expected }: EventDetail): string | null {
  const isOwn = rules.some(({ own }) => own);
  if (event.authenticity === 'impersonation') {
    return 'Do not trust anything signed so. Find out who runs it; the entry and its proof below are the evidence.';
  }
  if (event.undecided !== null) {
    return 'Look at the bytes below. They are tried again by every newer version.';
  }
  if (expected !== null && event.claim === 'unclaimed') {
    return expected.source === 'canary'
      ? null
      : 'It was declared. Put its bundle into a watched directory: the event then says what was signed.';
  }
  if (event.claim === 'unclaimed' && isOwn) {
    return 'Ask who holds this identity what was signed, and put the bundle into a watched directory. If nobody knows, treat the identity as stolen.';
  }
  if (event.claim === 'unclaimed' || event.claim === 'probable') {
    return 'Put the bundle into a watched directory when you have it: the event then says what was signed.';
  }
  return null;
}
