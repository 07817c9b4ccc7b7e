import { stringify } from 'csv-stringify/sync';
import { formatIso } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { ArchiveDocuments, ArchivedAffected } from './documents.ts';
import { artifactLabel, type DocumentIndex, digestsOf, indexDocuments, signerLabel } from './labels.ts';

const COLUMNS = [
  'name',
  'kind',
  'tier',
  'decision',
  'decided_at',
  'decision_reason',
  'running_at',
  'digest',
  'other_digests',
  'signed_by',
  'part_since',
  'part_until',
  'joined_by_itself',
  'path',
  'proofs',
] as const;

/**
 * What is affected as CSV (RFC 4180), a row each. A cell that a spreadsheet would take for a formula begins with an
 * apostrophe, and characters that hide or reorder text are written out: affected.json has every text as it is.
 */
export function renderCsv(documents: ArchiveDocuments): string {
  const index = indexDocuments(documents);
  const rows = documents.affected.affected.map((one) => toRow(one, index).map(showText));
  return stringify([[...COLUMNS], ...rows], {
    escape_formulas: true,
    quoted: true,
    quoted_empty: true,
    record_delimiter: 'windows',
  });
}

function toRow({ artifact: id, path, decision, ...affected }: ArchivedAffected, index: DocumentIndex): string[] {
  const artifact = index.artifacts.get(id);
  const [digest = '', ...others] = artifact ? digestsOf(artifact) : [];
  const running = artifact?.deployments.filter(({ endedAt }) => endedAt === null) ?? [];
  const signers = artifact?.signedBy.flatMap((bundleId) => {
    const bundle = index.bundles.get(bundleId);
    return bundle ? [signerLabel(bundle)] : [];
  });
  return [
    artifactLabel(artifact),
    artifact?.kind ?? 'gone',
    affected.tier,
    decision?.decision ?? '',
    decision?.at == null ? '' : formatIso(decision.at),
    decision?.reason ?? '',
    running.map(({ environment, service }) => `${environment}/${service}`).join('; '),
    digest,
    others.join('; '),
    [...new Set(signers)].join('; '),
    formatIso(affected.addedAt),
    affected.leftAt === null ? '' : formatIso(affected.leftAt),
    affected.joined ? 'yes' : 'no',
    path.map((step) => artifactLabel(index.artifacts.get(step.artifact))).join(' > '),
    path.flatMap(({ proofs }) => proofs).join('; '),
  ];
}
