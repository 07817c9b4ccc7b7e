/** Why a match needs a second look: what stood between the rule and the certificate's bytes. */
export const MATCH_NOTES = {
  case: 'Upper and lower case differ from the rule.',
  'cut-at-nul': 'Only what precedes a NUL matches; the value goes on after it.',
  'trailing-dot': 'Matches without the dot at the end of the host name.',
  'percent-encoding': 'Matches once percent-encoded characters are decoded.',
  'wide-text': 'Found once the NULs are left out, as in UTF-16.',
  escapes: 'Found once percent-encoding and the escapes of JSON are undone.',
  'dot-segments': 'Matches once the steps back in its path (`..`) are taken.',
  punycode: 'Matches once the host name’s `xn--` is read as the letters it stands for.',
  'look-alike': 'Other letters than the rule’s, which look like them: it is another name.',
  'zero-width': 'Matches only without its invisible characters: zero-width, control or blank ones.',
  bidi: 'Matches only without its characters that turn the direction of writing.',
  'not-utf8': 'The value is not UTF-8; it matches when its bytes are read as Latin-1.',
  'not-der': 'The extension is not encoded as it should be; its bare bytes match.',
  'issuer-missing': 'The certificate names no OpenID Connect issuer, so the rule’s issuer could not be compared.',
  'issuers-differ': 'The certificate names different issuers; one of them matches.',
} as const;

export type MatchNote = keyof typeof MATCH_NOTES;

/** Notes that leave a match exact: the bytes are the rule's, something else is odd. */
const BESIDE_THE_MATCH: ReadonlySet<MatchNote> = new Set<MatchNote>(['issuers-differ']);

/** Notes of names that are not the rule's, and are made to be taken for it. */
const LOOK_ALIKES: ReadonlySet<MatchNote> = new Set<MatchNote>(['look-alike', 'zero-width', 'bidi']);

/** Whether a match with these notes is by a name that only looks like the rule's. */
export function isLookAlike(notes: readonly MatchNote[]): boolean {
  return notes.some((note) => LOOK_ALIKES.has(note));
}

/** How near a match with these notes comes to what the rule says: `exact` is byte for byte. */
export function howOf(notes: readonly MatchNote[]): 'exact' | 'folded' | 'look-alike' {
  if (isLookAlike(notes)) return 'look-alike';
  return notes.every((note) => BESIDE_THE_MATCH.has(note)) ? 'exact' : 'folded';
}
