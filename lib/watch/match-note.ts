/** Why a match needs a second look: what stood between the rule and the certificate's bytes. */
export const MATCH_NOTES = {
  case: 'Upper and lower case differ from the rule.',
  'cut-at-nul': 'Only what precedes a NUL matches; the value goes on after it.',
  'trailing-dot': 'Matches without the dot at the end of the host name.',
  'percent-encoding': 'Matches once percent-encoded characters are decoded.',
  'not-utf8': 'The value is not UTF-8; it matches when its bytes are read as Latin-1.',
  'not-der': 'The extension is not encoded as it should be; its bare bytes match.',
  'issuer-missing': 'The certificate names no OpenID Connect issuer, so the rule’s issuer could not be compared.',
  'issuers-differ': 'The certificate names different issuers; one of them matches.',
} as const;

export type MatchNote = keyof typeof MATCH_NOTES;

/** Notes that leave a match exact: the bytes are the rule's, something else is odd. */
const BESIDE_THE_MATCH: ReadonlySet<MatchNote> = new Set<MatchNote>(['issuers-differ']);

/** Whether a match with these notes is byte for byte what the rule says. */
export function isExact(notes: readonly MatchNote[]): boolean {
  return notes.every((note) => BESIDE_THE_MATCH.has(note));
}
