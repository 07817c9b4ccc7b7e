import { EXTENSION_NAMES } from '#lib/watch/fulcio-extensions.ts';
import { SAN_TYPES } from '#lib/watch/general-name.ts';
import type { ItemKind, SettingSection } from './setting-section.ts';

const RULE: ItemKind = {
  id: 'rule',
  label: 'Watch rule',
  add: 'Add a watch rule',
  fields: [
    {
      key: 'own',
      kind: 'tristate',
      label: 'Our organisation signs as this',
      note: 'Then a signature that nobody can account for is an alarm.',
      unset: 'yes, where it says who signs',
    },
    {
      key: 'identity',
      kind: 'matcher',
      label: 'Identity',
      note: 'The subject alternative name of the certificate: an address, or a workflow.',
      example: 'release-bot@models.example',
    },
    {
      key: 'san-type',
      kind: 'choice',
      label: 'Kind of name',
      note: 'Left out, any counts: an evasion may use another kind.',
      options: [
        { value: '', label: 'any' },
        ...SAN_TYPES.map((type): { value: string; label: string } => ({ value: type, label: type })),
      ],
    },
    {
      key: 'issuer',
      kind: 'matcher',
      label: 'Issuer',
      note: 'The OpenID Connect issuer. Without it, the same name at any identity provider is met.',
      example: 'https://accounts.example.com',
    },
    {
      key: 'extensions',
      kind: 'map',
      label: 'Extensions',
      note: 'Further Fulcio extensions, by name or OID, all of which must be met. Numeric ids survive a rename.',
      names: EXTENSION_NAMES,
    },
    {
      key: 'key',
      kind: 'lines',
      label: 'Public keys',
      note: 'Any of these: the SHA-256 of the SPKI DER in hex, one a line, or a public key in PEM.',
    },
    {
      key: 'digest',
      kind: 'lines',
      label: 'Digests',
      note: 'Any of these, in hex, one a line: SHA-256, SHA-384 or SHA-512 of what is signed. They say nothing of who signs.',
    },
  ],
};

/** Watch rules name nothing of the server: all that a rule of the file may say, one of the browser may say too. */
export const watchSection: SettingSection = {
  path: ['watch'],
  slug: 'watch',
  title: 'Watch rules',
  one: 'watch rule',
  about: 'What to look for in the logs. A signature meets a rule when it meets every criterion of it.',
  fileOnly: '',
  kinds: [RULE],
  kindOf: () => RULE,
  refuse: () => [],
  redact: (item) => item,
};
