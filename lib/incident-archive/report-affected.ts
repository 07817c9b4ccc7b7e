import { formatUtc } from '#lib/provenance/format.ts';
import type { ArchiveDocuments, ArchivedAffected, ArchivedStep } from './documents.ts';
import { artifactLabel, type DocumentIndex, digestsOf, signerLabel } from './labels.ts';
import { changeOf } from './path-change.ts';
import { type Block, heading, type Inline, type Line, mono, paragraph } from './report-blocks.ts';
import { BASIS_WORDS, DECISION_WORDS, LINK_WORDS, TIER_ORDER, TIER_WORDS } from './words.ts';

/** Digests shown of one artifact; affected.json has them all. */
const SHOWN_DIGESTS = 4;

/** A chapter for each tier, and one for what the scope reaches no more; of each artifact the way that leads to it. */
export function affectedBlocks({ affected: { affected } }: ArchiveDocuments, index: DocumentIndex): Block[] {
  const inIt = affected.filter(({ leftAt }) => leftAt === null);
  const left = affected.filter(({ leftAt }) => leftAt !== null);
  const tiers = TIER_ORDER.flatMap((tier) => {
    const listed = inIt.filter((one) => one.tier === tier);
    if (listed.length === 0) return [];
    const { word, meaning } = TIER_WORDS[tier];
    return [heading(2, word), paragraph(meaning), ...listed.flatMap((one) => describe(one, index))];
  });
  if (left.length === 0) return tiers;
  return [
    ...tiers,
    heading(2, 'Reached no more'),
    paragraph('The scope led to these once.'),
    ...left.flatMap((one) => describe(one, index)),
  ];
}

function describe({ artifact: id, path, ...affected }: ArchivedAffected, index: DocumentIndex): Block[] {
  const artifact = index.artifacts.get(id);
  const digests = artifact ? digestsOf(artifact) : [];
  const shown = digests.slice(0, SHOWN_DIGESTS).flatMap((digest): Inline[] => [mono(digest), ' ']);
  const more = digests.length > SHOWN_DIGESTS ? [`and ${digests.length - SHOWN_DIGESTS} more in affected.json`] : [];
  const rows: [string, Line][] = [
    ['Known by', digests.length === 0 ? ['a name alone'] : [...shown, ...more]],
    ['Signed by', signers(artifact?.signedBy ?? [], index)],
    ['Part of it since', [`${formatUtc(affected.addedAt)}${affected.joined ? ', joined by itself' : ''}`]],
    ...(affected.leftAt === null ? [] : [['Reached until', [formatUtc(affected.leftAt)]] as [string, Line]]),
  ];
  return [
    heading(3, artifactLabel(artifact), affected.decision ? DECISION_WORDS[affected.decision.decision] : undefined),
    { block: 'facts', rows: [...rows, ...decisionRow(affected.decision)] },
    { block: 'steps', steps: path.map((step, i) => describeStep(step, { isLed: i > 0, tier: affected.tier, index })) },
  ];
}

function decisionRow(decision: ArchivedAffected['decision']): [string, Line][] {
  if (decision === null) return [];
  const at = decision.at === null ? '' : ` ${formatUtc(decision.at)}`;
  return [
    [
      'Decision',
      [`${DECISION_WORDS[decision.decision]}${at}${decision.reason === null ? '' : `: ${decision.reason}`}`],
    ],
  ];
}

function signers(ids: readonly string[], { bundles }: DocumentIndex): Line {
  const names = ids.flatMap((id) => {
    const bundle = bundles.get(id);
    return bundle ? [signerLabel(bundle)] : [];
  });
  return names.length === 0 ? ['nobody that is known'] : [[...new Set(names)].join('; ')];
}

interface StepPlace {
  readonly isLed: boolean;
  readonly tier: ArchivedAffected['tier'];
  readonly index: DocumentIndex;
}

function describeStep(step: ArchivedStep, { isLed, tier, index }: StepPlace) {
  const { artifact, link: linkId, proofs, because } = step;
  const link = linkId === null ? undefined : index.links.get(linkId);
  const below: Line[] = [[because]];
  if (link) {
    const stated = 'bundle' in link.statedBy ? index.bundles.get(link.statedBy.bundle) : undefined;
    const by = stated ? ` of ${signerLabel(stated)}` : '';
    below.push([
      `Stated by ${BASIS_WORDS[link.basis]}${by}, in its field `,
      mono(link.at),
      `: ${LINK_WORDS[link.state]}.`,
    ]);
    if (link.input !== null) below.push(['By the digest ', mono(`${link.input.scheme}:${link.input.value}`)]);
  } else if (isLed) {
    below.push(['The link that led here is known no more.']);
  }
  const change = isLed ? changeOf(step, link ?? null, tier) : null;
  if (change !== null && step.state != null) {
    const isLost = change === 'counts-no-more' ? ' It counts no more.' : '';
    below.push([`When this way was found it was: ${LINK_WORDS[step.state]}.${isLost}`]);
  }
  if (proofs.length > 0)
    below.push([
      'Proofs: ',
      ...proofs.flatMap((proof, i): Inline[] => (i === 0 ? [mono(proof)] : [', ', mono(proof)])),
    ]);
  return { head: [artifactLabel(index.artifacts.get(artifact))], below };
}
