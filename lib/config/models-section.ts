import type { LeafField } from './setting-field.ts';
import type { ItemKind, SettingSection } from './setting-section.ts';

const SIGNER_FIELDS: readonly LeafField[] = [
  {
    key: 'identity',
    kind: 'matcher',
    label: 'Identity',
    note: "The certificate's name.",
    example: 'release-bot@models.example',
  },
  {
    key: 'issuer',
    kind: 'matcher',
    label: 'Issuer',
    note: 'Of that identity. Never leave it out lightly.',
    example: 'https://accounts.example.com',
  },
  { key: 'key', kind: 'text', label: 'Key', note: 'Instead: the name of a key under trust.keys of the file.' },
  {
    key: 'authority',
    kind: 'text',
    label: 'Authority',
    note: 'Instead of an issuer: the name of an authority under trust.authorities of the file.',
  },
];

const EXPECTATION: ItemKind = {
  id: 'expectation',
  label: 'Expected signers',
  add: 'Add an expectation',
  fields: [
    {
      key: 'models',
      kind: 'matcher',
      label: 'Models',
      note: 'The names of the models it is for, as their signatures give them.',
      example: 'northwind-base',
    },
    {
      key: 'signers',
      kind: 'rows',
      label: 'Signers',
      row: 'signer',
      note: 'Who may sign them. A signature by anybody else is a finding, and does not count in a chain.',
      fields: SIGNER_FIELDS,
    },
    {
      key: 'attesters',
      kind: 'rows',
      label: 'Attesters',
      row: 'attester',
      note: 'Who else may state provenance of them. What others state is shown as a claim.',
      fields: SIGNER_FIELDS,
    },
    {
      key: 'require-provenance',
      kind: 'flag',
      label: 'Require provenance',
      note: 'A version without provenance is then a finding, even where none before had any.',
    },
  ],
};

/** Keys and authorities are named, never brought: which files they are in stays with the file. */
export const modelsSection: SettingSection = {
  path: ['models'],
  slug: 'signers',
  title: 'Expected signers',
  one: 'expectation',
  about:
    'Who is expected to sign which models. The first that matches a model holds: those of the file before those made here.',
  fileOnly: 'Which keys and authorities are believed, and in which files they are, stands under trust in the file.',
  kinds: [EXPECTATION],
  kindOf: () => EXPECTATION,
  refuse: () => [],
  redact: (item) => item,
};
