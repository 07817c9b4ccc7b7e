/** What a public page can show of a version, besides its name, its digest, its state and the date of that. */
export const SHARED_PARTS = ['signer', 'files', 'proofs', 'chain', 'level', 'notices', 'history'] as const;

export type SharedPart = (typeof SHARED_PARTS)[number];
export type SharedParts = Readonly<Record<SharedPart, boolean>>;

/** What each part shows, for those who choose. */
export const SHARED_PART_WORDS: Readonly<Record<SharedPart, { readonly word: string; readonly shows: string }>> = {
  signer: { word: 'Signer', shows: 'Who signed, through which issuer, and where that is logged.' },
  files: {
    word: 'Files',
    shows: 'Names and digests of all files; with them outsiders can check what they downloaded.',
  },
  proofs: { word: 'Proofs', shows: 'Signature bundles and inclusion proofs as downloads. They hold signer and files.' },
  chain: { word: 'Chain', shows: 'What it was made from, with names, reasons and verdicts, and its attestations.' },
  level: {
    word: 'Level',
    shows: 'How much of its provenance is known and proven: its level and the nine fields, without their values.',
  },
  notices: { word: 'Notices', shows: 'What you say in public about open incidents, and why a signer withdrew it.' },
  history: { word: 'History', shows: 'The other versions of a model, and a feed of changes.' },
};

/** Without the chain: it names what others may not know that you use. */
export const USUAL_PARTS: SharedParts = {
  signer: true,
  files: true,
  proofs: true,
  chain: false,
  level: true,
  notices: true,
  history: true,
};

/** The parts that are named, and no others. */
export function partsOf(named: readonly SharedPart[]): SharedParts {
  const has = (part: SharedPart) => named.includes(part);
  return {
    signer: has('signer'),
    files: has('files'),
    proofs: has('proofs'),
    chain: has('chain'),
    level: has('level'),
    notices: has('notices'),
    history: has('history'),
  };
}

export function namesOfParts(parts: SharedParts): readonly SharedPart[] {
  return SHARED_PARTS.filter((part) => parts[part]);
}

/** Why these parts cannot be shown together, and how to mend it; null where they can. */
export function contradictionOf(parts: SharedParts): string | null {
  const missing = (['signer', 'files'] as const).filter((part) => !parts[part]);
  if (!parts.proofs || missing.length === 0) return null;
  return `Proofs hold the name of the signer and the list of files. Show ${missing.join(' and ')} too, or leave the proofs out.`;
}
