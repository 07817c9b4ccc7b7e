import { ML_LEVEL } from '#lib/provenance/ml-level/level-words.ts';
import { forbidsUse, PUBLIC } from '#lib/provenance/public-state.ts';
import { plainText } from '#lib/provenance/sentence.ts';
import { FIELD, LINK, NO_INPUTS } from '#lib/provenance/state.ts';
import type { PublicVersion } from '#lib/services/sharing/get-public.ts';
import { BADGE_COLOURS, badgeText } from './badge.ts';

/** The state of a version for programs. Times are milliseconds since the epoch. What its parts do not show is not there. */
export function statusOf(version: PublicVersion, page: string): object {
  const { state, since, signer, chain, level, fields, notices, files } = version;
  return {
    format: 'modeltrail.status/v1',
    page,
    name: version.name,
    label: version.label,
    root: version.root,
    state,
    word: PUBLIC[state].word,
    meaning: PUBLIC[state].meaning,
    sentence: plainText(version.headline),
    sinceAt: since,
    mustNotBeUsed: forbidsUse(state),
    ...(signer && { signer }),
    ...(files && { fileCount: files.count, hashType: files.hashType }),
    ...(chain && {
      weakestLink: { state: chain.weakest, word: (chain.weakest === null ? NO_INPUTS : LINK[chain.weakest]).word },
    }),
    ...(level && {
      level: {
        level: level.level,
        word: ML_LEVEL[level.level].word,
        slsaBuild: level.slsaBuild,
        slsaSource: level.slsaSource,
        missing: level.missing.map(({ id, title, outcome }) => ({ id, title, outcome })),
      },
    }),
    ...(fields && { fields: fields.map(({ field, status }) => ({ field, status, word: FIELD[status].word })) }),
    notices: notices.map(({ wording, at, kind, forbidsUse, replacement }) => ({
      kind,
      wording,
      at,
      mustNotBeUsed: forbidsUse,
      replacement,
    })),
  };
}

/** What the endpoint badge of shields.io takes (shields.io/badges/endpoint-badge), and nothing else. */
export function shieldsOf({ state, since }: Pick<PublicVersion, 'state' | 'since'>): object {
  const { tone } = PUBLIC[state];
  return {
    schemaVersion: 1,
    label: 'provenance',
    message: badgeText({ state, since }),
    color: BADGE_COLOURS[tone].slice(1),
    isError: tone === 'broken',
    cacheSeconds: 300,
  };
}
