import { FINDING_KINDS, type FindingKind } from '#lib/provenance/findings.ts';
import type { AttentionGroup } from './attention-group.ts';
import type { Situation } from './overview.ts';

const FINDINGS: Readonly<Record<FindingKind, Pick<AttentionGroup, 'tone' | 'what' | 'how' | 'next'>>> = {
  'unexpected-signer': {
    tone: 'broken',
    what: 'Versions of models are signed by somebody who is not expected to sign them.',
    how: 'The signatures verify; the configuration names others under models.',
    next: 'Ask the owners of the model. If it was meant, name the signer; else treat the version as an attack.',
  },
  'broken-link': {
    tone: 'broken',
    what: 'Chains of models are broken upstream.',
    how: 'A thing that went into them is signed by nobody who should have, or statements contradict each other.',
    next: 'Open the chain: it shows the link. A signature over the same files mends it, even a late one.',
  },
  'field-conflict': {
    tone: 'broken',
    what: 'Statements of provenance contradict the certificates that they were signed with.',
    how: 'The payload names another commit, run, signer or time than certificate and log prove.',
    next: 'Ask who runs the pipeline: it was mended by hand, or its statements are not its own.',
  },
  'hash-mismatch': {
    tone: 'broken',
    what: 'Files that were checked are not what they should be.',
    how: 'Somebody sent their hashes and said which version they are; they are not.',
    next: 'Stop using the files at that place. The receipt names each that differs.',
  },
  'registered-mismatch': {
    tone: 'broken',
    what: 'Files go by the label of a registered version, and are others than were registered.',
    how: 'The OMS roots were compared with those that the makers registered.',
    next: 'Ask the makers which files are right. Changed files need a label of their own.',
  },
  'changed-signer': {
    tone: 'unknown',
    what: 'Models are signed by another signer than the version before.',
    how: 'Both signatures verify; no expectation under models says who should sign.',
    next: 'Find out whether that was meant, and write it down under models.',
  },
  'changed-workflow': {
    tone: 'unknown',
    what: 'Models are signed by another workflow of the same repository than the version before.',
    how: 'The certificates name both workflows.',
    next: 'Look at what the workflow does: whoever may write one into the repository may sign by it.',
  },
  'lost-provenance': {
    tone: 'unknown',
    what: 'Versions of models lack the provenance that the version before had.',
    how: 'No statement of origin is known whose signer counts.',
    next: 'Ask for it. A version made by hand, outside of the pipeline, looks like this.',
  },
  'partial-provenance': {
    tone: 'unknown',
    what: 'Provenance of models states less than that of the version before.',
    how: 'The nine fields of both versions were compared.',
    next: 'Ask the pipeline’s owners what changed.',
  },
  'unsigned-version': {
    tone: 'unknown',
    what: 'Versions of models that used to be signed lie in a source without a signature.',
    how: 'Their files were hashed; no signature over them is known.',
    next: 'Ask for the signature before the version is used.',
  },
};

/** Open findings of models, a group a kind. */
export function findings({ attention }: Situation): AttentionGroup[] {
  return FINDING_KINDS.map((kind) => ({
    key: kind,
    ...FINDINGS[kind],
    items: attention.findings
      .filter((finding) => finding.kind === kind)
      .map(({ id, statement, firstAt, model, slug, versionId }) => ({
        key: id,
        about: [{ kind: 'name', value: model }, `: ${statement}`],
        at: firstAt,
        link: { href: modelVersionUrl(slug, versionId), text: 'The model' },
      })),
  }));
}

function modelVersionUrl(slug: string, versionId: string | null): string {
  return versionId === null ? `/models/${slug}` : `/models/${slug}?version=${versionId}`;
}
