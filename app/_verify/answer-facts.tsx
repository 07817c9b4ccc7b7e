import type { HashListForm } from '#lib/hash-list/hash-list.ts';
import { formatBytes, formatCount, formatPlural } from '#lib/provenance/format.ts';
import { LINK, NO_INPUTS, SIGNATURE } from '#lib/provenance/state.ts';
import type { AnswerVersion, VerificationAnswer } from '#lib/provenance/verification.ts';
import { versionUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { type Fact, Facts } from '../_ui/facts.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Digest, Value } from '../_ui/value.tsx';
import { HASH_TYPES } from './hash-choice.ts';

const FORMS: Readonly<Record<HashListForm, string>> = {
  checksums: 'lines of checksums',
  'oms-bundle': 'a model’s signature, taken as a list',
  'oms-statement': 'a model’s statement, taken as a list',
  modeltrail: 'our own JSON',
  'hugging-face': 'a listing of the Hugging Face Hub',
};

const FOUND_BY: Readonly<Record<NonNullable<VerificationAnswer['foundBy']>, string>> = {
  root: 'by the OMS root over all its files',
  'manifest-id': 'by its manifest id',
  files: 'by hashes of single files',
  expectation: 'because it was asked for',
};

/** The version that the files are or come closest to: who stands behind it, and what it was made from. */
export function VersionFacts({ answer, version }: { answer: VerificationAnswer; version: AnswerVersion }) {
  const { foundBy, prefix, chain } = answer;
  const facts: Fact[] = [
    ['Model', <VersionLink key="model" version={version} />],
    ['OMS root', <Digest key="root" value={version.root} limit={40} copy="root" />],
    [
      'Signature',
      <span key="signature" className="lines">
        <StateMark state={SIGNATURE[version.signature]} />
        <span className="text-muted">
          <Value value={version.signatureReason} limit={400} isText />
        </span>
      </span>,
    ],
    [
      'Files',
      `${formatCount(version.matching)} of ${formatPlural(version.fileCount, 'file')} of the version are as it lists them.`,
    ],
  ];
  if (chain) {
    const word = chain.weakest === null ? NO_INPUTS : LINK[chain.weakest];
    facts.push([
      'Chain',
      <span key="chain" className="lines">
        <StateMark state={word} />
        <span className="text-muted">
          <Value value={chain.sentence} limit={600} isText />
        </span>
        <AppLink href={`${versionUrl(version.modelSlug, version.versionId)}#chain`} className="link w-fit">
          The whole chain
        </AppLink>
      </span>,
    ]);
  }
  if (foundBy !== null) facts.push(['Found', FOUND_BY[foundBy]]);
  if (prefix !== '') {
    facts.push([
      'Folder taken off',
      <span key="prefix">
        <Value value={prefix} limit={72} /> stood before all paths.
      </span>,
    ]);
  }
  return <Facts facts={facts} />;
}

export function VersionLink({ version: { modelName, modelSlug, versionId, label } }: { version: AnswerVersion }) {
  return (
    <AppLink href={versionUrl(modelSlug, versionId)}>
      <Value value={label === null ? modelName : `${modelName} ${label}`} limit={80} isText />
    </AppLink>
  );
}

interface ListFactsProps {
  readonly list: VerificationAnswer['list'];
  readonly listSha256: string;
  readonly sentAt: number;
  /** The token's name, or where it was sent from. */
  readonly source: string;
  readonly place: string | null;
}

/** What was handed in, as it was. Nobody here has seen the files. */
export function ListFacts({ list, listSha256, sentAt, source, place }: ListFactsProps) {
  const { form, name, hashType, shardSize, files, bytes, roots, remarks } = list;
  const facts: Fact[] = [
    ['Sent', <Time key="at" at={sentAt} />],
    ['By', <Value key="source" value={source} limit={80} isText />],
    ...(place === null ? [] : [['Place', <Value key="place" value={place} limit={120} isText />] satisfies Fact]),
    ...(name === null ? [] : [['Calls itself', <Value key="name" value={name} limit={80} />] satisfies Fact]),
    ['Form', FORMS[form]],
    ['Holds', `${formatPlural(files, 'file')}${bytes === null ? '' : `, ${formatBytes(bytes)}`}`],
    [
      'Hash',
      `${HASH_TYPES[hashType]} of ${shardSize === null ? 'whole files' : `shards of ${formatCount(shardSize)} bytes`}`,
    ],
    ...(roots === null ? [] : rootFacts(roots)),
    ['List, SHA-256', <Digest key="list" value={listSha256} limit={40} />],
    ...(remarks.length === 0
      ? []
      : [
          [
            'Remarks',
            <ul key="remarks">
              {remarks.map((remark) => (
                <li key={remark}>
                  <Value value={remark} limit={400} isText />
                </li>
              ))}
            </ul>,
          ] satisfies Fact,
        ]),
  ];
  return <Facts facts={facts} />;
}

/** Clients sort a manifest in two ways; where names make them differ, there are two roots. */
function rootFacts(roots: NonNullable<VerificationAnswer['list']['roots']>): Fact[] {
  const { python, specification, manifestId } = roots;
  return [
    ['OMS root', <Digest key="python" value={python} limit={40} copy="root" />],
    ...(python === specification
      ? []
      : [
          [
            'Root, names sorted',
            <Digest key="specification" value={specification} limit={40} copy="root" />,
          ] satisfies Fact,
        ]),
    ['Manifest id', <Digest key="id" value={manifestId} limit={40} copy="manifest id" />],
  ];
}
