import type { OpenDatabase } from '#db/client.ts';
import { type LevelCheck, missingForNext } from '#lib/provenance/ml-level/judge.ts';
import type { FieldRow } from '#lib/provenance/nine-fields.ts';
import { publicSentence } from '#lib/provenance/public-sentence.ts';
import { versionKey } from '#lib/provenance/public-slug.ts';
import type { PublicState } from '#lib/provenance/public-state.ts';
import type { Sentence } from '#lib/provenance/sentence.ts';
import type { SharedParts } from '#lib/provenance/shared-parts.ts';
import { policiesInForce } from '#lib/services/config/policies-in-force.ts';
import { judgeVersion, type VersionLevel } from '#lib/services/level/judge-version.ts';
import { getVersion, type VersionDetail } from '#lib/services/model/get-version.ts';
import { countingAttestations, countingSignings } from './counting.ts';
import { findPublicVersion } from './find-public-version.ts';
import type { Shared } from './find-publication.ts';
import { type PublicChain, readPublicChain } from './public-chain.ts';
import { listPublicProofs, type PublicProof } from './public-proofs.ts';
import { readStanding, type Standing } from './standing.ts';
import { versionsOfTarget } from './versions-of-target.ts';

/** All that outsiders are told of one version: what its parts do not allow is null here, and so nowhere on a page. */
export interface PublicVersion {
  readonly parts: SharedParts;
  /** The model's name, a claim of whoever signed. */
  readonly name: string;
  readonly label: string | null;
  readonly root: string;
  /** How it is called in addresses. */
  readonly key: string;
  readonly state: PublicState;
  readonly since: number;
  readonly headline: Sentence;
  readonly signer: PublicSigner | null;
  readonly files: PublicFiles | null;
  readonly chain: PublicChain | null;
  readonly level: PublicLevel | null;
  /** Of the nine fields, how each is known; not what it says. */
  readonly fields: readonly Pick<FieldRow, 'field' | 'status'>[] | null;
  readonly notices: readonly PublicNotice[];
  readonly proofs: readonly PublicProof[] | null;
  /** The other versions that are public with it, the newest first. */
  readonly versions: readonly PublicSibling[] | null;
}

export interface PublicSigner {
  /** Null for a bare key. */
  readonly san: string | null;
  readonly issuer: string | null;
  readonly signedAt: number | null;
  readonly signedAtSource: VersionDetail['signings'][number]['signedAtSource'];
  readonly logged: VersionDetail['signings'][number]['logged'];
  readonly origin: string | null;
  readonly logIndex: number | null;
  readonly method: VersionDetail['signings'][number]['method'];
}

export interface PublicFiles {
  readonly count: number;
  readonly method: 'files' | 'shards';
  readonly hashType: string;
  /** What the signer left out of the signature. */
  readonly ignorePaths: readonly string[];
  /** The first of them, in the signed order. */
  readonly first: VersionDetail['files'];
}

/** Which level the provenance reaches, and which checks are missing for the next; not what any of them read. */
export interface PublicLevel {
  readonly level: VersionLevel['level'];
  readonly slsaBuild: VersionLevel['slsaBuild']['level'];
  readonly slsaSource: VersionLevel['slsaSource']['level'];
  readonly missing: readonly Pick<LevelCheck, 'id' | 'title' | 'outcome'>[];
}

export interface PublicNotice {
  /** In the words of its publisher, or of the signer who withdrew it; null where nothing was said but that it must not be used. */
  readonly wording: string | null;
  readonly at: number;
  readonly forbidsUse: boolean;
  readonly kind: 'incident' | 'retraction';
  /** What to use instead, `sha256:…`. */
  readonly replacement: string | null;
}

export interface PublicSibling {
  readonly key: string;
  readonly label: string | null;
  readonly state: PublicState;
  readonly since: number;
}

/** Rows of files on a page; the manifest has them all. */
const FILES = 100;
const SIBLINGS = 50;

/**
 * What outsiders see of a version that is shared: the one that `key` names, else the newest.
 *
 * @returns null where there is none such.
 */
export async function getPublic(
  database: OpenDatabase,
  shared: Shared,
  key: string | null,
): Promise<PublicVersion | null> {
  const { parts } = shared;
  const versionId = findPublicVersion(database, shared, key);
  const policies = policiesInForce(database);
  const standing = versionId === null ? null : readStanding(database.db, versionId, policies);
  const detail =
    versionId === null ? null : await getVersion(database, { versionId, fileLimit: parts.files ? FILES : 0 });
  if (!detail || !standing) return null;
  const { version, artifact } = detail;
  const [signing] = countingSignings(detail.signings, detail.model.name, policies);
  return {
    parts,
    name: detail.model.name,
    label: version.label,
    root: version.root,
    key: versionKey(version.root),
    state: standing.state,
    since: standing.since,
    headline: publicSentence({ ...standing, signer: parts.signer ? (signing?.san ?? null) : null }),
    signer: parts.signer && signing ? signerOf(signing) : null,
    files: parts.files ? filesOf(detail) : null,
    chain:
      parts.chain && artifact
        ? await readPublicChain(database, artifact.id, {
            counting: countingAttestations(detail, policies),
            withSigners: parts.signer,
          })
        : null,
    level: parts.level ? levelOf(judgeVersion(database, detail)) : null,
    fields: parts.level ? detail.fields.map(({ field, status }) => ({ field, status })) : null,
    notices: noticesOfStanding(standing, parts.notices),
    proofs: parts.proofs ? listPublicProofs(database, detail, parts) : null,
    versions: parts.history && shared.kind === 'model' ? siblingsOf(database, shared) : null,
  };
}

function signerOf(signing: VersionDetail['signings'][number]): PublicSigner {
  const { san, issuer, signedAt, signedAtSource, logged, origin, logIndex, method } = signing;
  return { san, issuer, signedAt, signedAtSource, logged, origin, logIndex, method };
}

function levelOf(judged: VersionLevel): PublicLevel {
  const { level, slsaBuild, slsaSource } = judged;
  const missing = missingForNext(judged).map(({ id, title, outcome }) => ({ id, title, outcome }));
  return { level, slsaBuild: slsaBuild.level, slsaSource: slsaSource.level, missing };
}

function filesOf({ version, files }: VersionDetail): PublicFiles {
  const { fileCount, method, hashType, ignorePaths } = version;
  return { count: fileCount, method, hashType, ignorePaths, first: files };
}

/** What forbids the use is told whatever the parts are; in whose words, only where notices are shown. */
function noticesOfStanding({ notices, retraction }: Standing, withWords: boolean): PublicNotice[] {
  const told = notices.flatMap(({ refuses, publicWording, publicAt, since }): PublicNotice[] => {
    const wording = withWords ? publicWording : null;
    if (wording === null && !refuses) return [];
    return [{ wording, at: publicAt ?? since, forbidsUse: refuses, kind: 'incident', replacement: null }];
  });
  // Several incidents without a word are one sentence.
  const silent = told.filter(({ wording }) => wording === null);
  const spoken = told.filter(({ wording }) => wording !== null);
  const all = [...spoken, ...(spoken.some(({ forbidsUse }) => forbidsUse) ? [] : silent.slice(-1))];
  if (!retraction) return all;
  const { reason, replacement, at } = retraction;
  const words = withWords ? { wording: reason, replacement } : { wording: null, replacement: null };
  return [...all, { ...words, at, forbidsUse: true, kind: 'retraction' }];
}

function siblingsOf(database: OpenDatabase, shared: Shared): PublicSibling[] {
  const { db } = database;
  const policies = policiesInForce(database);
  const all = versionsOfTarget(db, shared)?.all ?? [];
  return all.slice(0, SIBLINGS).flatMap(({ id }) => {
    const standing = readStanding(db, id, policies);
    if (!standing) return [];
    const { root, label, state, since } = standing;
    return [{ key: versionKey(root), label, state, since }];
  });
}
