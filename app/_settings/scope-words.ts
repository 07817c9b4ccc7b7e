import type { Scope } from '#lib/services/access/scope.ts';

/** What each scope lets a program do, for the form. */
export const SCOPE_WORDS: Readonly<Record<Scope, string>> = {
  read: 'Read what the pages show.',
  verify: 'Have lists of hashes verified, and keep the receipts.',
  ingest: 'Hand in bundles, training logs and lists of files of new versions.',
  deploy: 'Say what runs where, and ask whether it may.',
  investigate: 'Open incidents, decide on what they touch, and answer alerts.',
  admin: 'All of these. For operators, not for pipelines.',
};
