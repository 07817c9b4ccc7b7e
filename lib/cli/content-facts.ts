import type { AttestationFacts, StatedInput, StatedTrainingLog } from '#lib/attestation/facts.ts';
import { ROLE_WORDS } from '#lib/provenance/chain-words.ts';
import { formatPlural, formatUtc } from '#lib/provenance/format.ts';
import type { SignedContent } from './signed-content.ts';

type Fact = readonly [label: string, value: string];

/** Subjects, files and inputs shown of one bundle; --json has all. */
const SHOWN = 20;
/** Parameters and results shown: of these there are many, and few are asked for. */
const SHOWN_VALUES = 5;

/** What a bundle signs, as rows of a label and its value. */
export function contentFacts(content: SignedContent): Fact[] {
  switch (content.kind) {
    case 'file':
      return Object.entries(content.digests).map(([algorithm, digest]) => ['Signs', `a file, ${algorithm}:${digest}`]);
    case 'payload':
      return [['Signs', `a payload of the type ${content.payloadType}`]];
    case 'model':
      return modelFacts(content);
    case 'statement': {
      const { predicateType, subjects, facts } = content;
      const lines = subjects.map(({ name, digests }) => [name, ...digests.map(inFull)].join('  '));
      return [['Signs', `a statement of the type ${predicateType}`], ...list('', lines), ...statedFacts(facts)];
    }
  }
}

function modelFacts(content: Extract<SignedContent, { kind: 'model' }>): Fact[] {
  const files = formatPlural(content.files.length, content.method === 'files' ? 'file' : 'shard');
  const left = formatPlural(content.ignorePaths.length, 'path');
  return [
    ['Signs', `the model ${content.name || 'without a name'}, ${files}; the signer left out ${left}`],
    ['Root', `sha256:${content.root}`],
    ...list(
      '',
      content.files.map((file) => `${file.name}  ${inFull(file)}`),
    ),
  ];
}

/** What the statement says of how its subjects were made, in the order of the nine fields. */
function statedFacts(facts: AttestationFacts): Fact[] {
  if (facts.kind === 'other') return [];
  const {
    commit,
    repository,
    inputs,
    builder,
    invocation,
    environment,
    evaluations,
    result,
    trainingLogs = [],
  } = facts;
  const code = [commit?.value, repository?.value].filter((part) => part !== undefined).join('  ');
  const measured = evaluations.map(({ name, value, on }) => `${name} ${value}${on === null ? '' : ` on ${on}`}`);
  return [
    ['States', `${facts.kind} ${facts.format}`.trim()],
    ['', "all of it is the signer's word, and proves nothing of the inputs"],
    ...one('Code', code),
    ...list('Inputs', inputs.map(describeInput)),
    ...(facts.statesNoBase ? [['Base model', 'none: trained from nothing'] as const] : []),
    ...list(
      'Environment',
      environment.map(({ label, value }) => `${label}: ${value}`),
      SHOWN_VALUES,
    ),
    ...one('Withdraws it', facts.retraction?.reason),
    ...one('Use instead', facts.retraction?.replacement ? inFull(facts.retraction.replacement) : undefined),
    ...one('Builder', builder?.value),
    ...one('Run', invocation?.value),
    ...one('Finished', facts.finishedAt === null ? undefined : formatUtc(facts.finishedAt.time)),
    ...one('Claims to be by', facts.claimedSigner?.value),
    ...one('Claims to be of', facts.claimedTime?.value),
    ...list('Results', measured, SHOWN_VALUES),
    ...list('Training log', trainingLogs.map(describeTrainingLog)),
    ...one('Result', [result?.value, ...facts.verifiedLevels].filter((part) => part !== undefined).join(', ')),
    ...list('Passed over', facts.remarks, SHOWN_VALUES),
  ];
}

function describeInput({ role, name, uri, digests }: StatedInput): string {
  const pinned = digests.length > 0 ? digests.map(inFull) : ['by name only, without a digest'];
  return [ROLE_WORDS[role], name ?? uri ?? 'without a name', ...pinned].join('  ');
}

function describeTrainingLog({ root, size, sha256 }: StatedTrainingLog): string {
  return `${formatPlural(size, 'entry', 'entries')}  root sha256:${root}  file sha256:${sha256}`;
}

function inFull({ algorithm, digest }: { readonly algorithm: string; readonly digest: string }): string {
  return `${algorithm}:${digest}`;
}

function one(label: string, value: string | undefined): Fact[] {
  return value === undefined || value === '' ? [] : [[label, value]];
}

/** A row each, the first with the label; what is left out is counted. */
function list(label: string, lines: readonly string[], shown: number = SHOWN): Fact[] {
  const left = lines.length - shown;
  const all = [...lines.slice(0, shown), ...(left > 0 ? [`and ${left} more`] : [])];
  return all.map((line, i): Fact => [i === 0 ? label : '', line]);
}
