import { formatCount, formatUtc, TIME_SOURCES } from '#lib/provenance/format.ts';
import type { ArchiveDocuments, ArchivedAffected } from './documents.ts';
import { actorLabel, artifactLabel, type DocumentIndex, indexDocuments, signerLabel, timeLabel } from './labels.ts';
import { changeOf } from './path-change.ts';
import { affectedBlocks } from './report-affected.ts';
import { type Block, heading, type Line, mono, paragraph } from './report-blocks.ts';
import { AUTHENTICITY_WORDS, describeScope, SEVERITY_WORDS, STATE_WORDS, TIER_ORDER, TIER_WORDS } from './words.ts';

/** The report of an incident, from the documents of its archive and nothing else. */
export function makeReport(documents: ArchiveDocuments): Block[] {
  const index = indexDocuments(documents);
  const { incident } = documents;
  return [
    heading(1, `Incident #${incident.number}: ${incident.title}`),
    ...overview(documents),
    heading(2, 'What it is about'),
    paragraph('The scope, as the responders set it:'),
    { block: 'list', items: describeScope(incident.scope).map(({ depth, line }) => ({ depth, line: [line] })) },
    heading(2, 'What consumers are told'),
    ...notice(documents),
    heading(2, 'What is affected'),
    ...counts(documents),
    ...changes(documents, index),
    heading(2, 'Where it runs'),
    ...deployments(documents, index),
    ...affectedBlocks(documents, index),
    heading(2, 'Signing events'),
    ...events(documents),
    heading(2, 'Statements and signatures'),
    ...bundles(documents),
    ...declarations(documents),
    heading(2, 'What was done'),
    ...audit(documents),
    heading(2, 'What this rests on'),
    ...rests(documents),
  ];
}

function overview({ incident }: ArchiveDocuments): Block[] {
  const rows: [string, Line][] = [
    ['State', [STATE_WORDS[incident.state]]],
    ['Severity', [SEVERITY_WORDS[incident.severity]]],
    ['Owner', [incident.owner ?? 'nobody']],
    ['Opened', [formatUtc(incident.openedAt)]],
    ['Last changed', [formatUtc(incident.updatedAt)]],
    ...(incident.closedAt === null ? [] : [['Closed', [formatUtc(incident.closedAt)]] as [string, Line]]),
    ['Scope last worked out', [formatUtc(incident.evaluatedAt)]],
    ['Exported', [formatUtc(incident.exportedAt)]],
    ['Id', [mono(incident.id)]],
  ];
  return [
    { block: 'facts', rows },
    paragraph(
      'This report tells what lies beside it in the archive. Do not believe it: run ',
      mono('modeltrail incident verify ARCHIVE --trusted-root FILE'),
      ' with a trust root of your own. It reads every signature, proof and statement again, and makes this report again. ' +
        'A signature says who signed, not that what was signed is safe.',
    ),
  ];
}

function notice({ incident }: ArchiveDocuments): Block[] {
  if (incident.notice === null) return [paragraph('Nothing was said in public.')];
  const { wording, publicAt } = incident.notice;
  return [
    paragraph(publicAt === null ? 'Written, not public:' : `Public since ${formatUtc(publicAt)}:`),
    { block: 'quote', lines: wording.split('\n') },
  ];
}

function counts({ affected: { affected } }: ArchiveDocuments): Block[] {
  const inIt = affected.filter(({ leftAt }) => leftAt === null);
  const count = (holds: (one: ArchivedAffected) => boolean) => formatCount(inIt.filter(holds).length);
  const rows = TIER_ORDER.map((tier): Line[] => [
    [TIER_WORDS[tier].word],
    [count((one) => one.tier === tier)],
    [count((one) => one.tier === tier && one.decision?.decision === 'affected')],
    [count((one) => one.tier === tier && one.decision?.decision === 'cleared')],
    [TIER_WORDS[tier].meaning],
  ]);
  return [
    {
      block: 'table',
      columns: ['How sure', 'Artifacts', 'Decided: affected', 'Decided: not affected', 'Meaning'],
      rows,
    },
  ];
}

/** A list that was decided stays as it was; what is known of the links that lead to it does not. */
function changes({ affected: { affected }, incident }: ArchiveDocuments, { links }: DocumentIndex): Block[] {
  const count = affected.filter(({ tier, path }) =>
    path.slice(1).some((step) => changeOf(step, links.get(step.link ?? 0) ?? null, tier) !== null),
  ).length;
  if (count === 0) return [];
  const since = incident.closedAt === null ? `since the scope was worked out` : 'since the incident was closed';
  return [
    paragraph(
      `${formatCount(count)} of the ways that lead here are not what they were when they were found: links were judged anew ${since}. ` +
        'The list is as it was then; each such step says what its link was, and what it is now.',
    ),
  ];
}

function deployments({ affected: { affected } }: ArchiveDocuments, { artifacts }: DocumentIndex): Block[] {
  const rows = affected.flatMap(({ artifact: id, tier, leftAt }): (readonly Line[])[] => {
    const artifact = artifacts.get(id);
    if (!artifact || leftAt !== null) return [];
    return artifact.deployments.map(({ environment, service, startedAt, confirmedAt, endedAt }) => [
      [environment],
      [service],
      [artifactLabel(artifact)],
      [TIER_WORDS[tier].word],
      [formatUtc(startedAt)],
      [endedAt === null ? `runs; last confirmed ${formatUtc(confirmedAt)}` : `ended ${formatUtc(endedAt)}`],
    ]);
  });
  if (rows.length === 0)
    return [paragraph('No deployment of anything affected is registered. That is no proof that there is none.')];
  return [{ block: 'table', columns: ['Environment', 'Service', 'What', 'How sure', 'Since', 'State'], rows }];
}

function events({ events: listed }: ArchiveDocuments): Block[] {
  if (listed.length === 0) return [paragraph('None is part of it.')];
  const rows = listed.map(
    ({ id, linked, kind, signer, publicKeySha256, authenticity, log, proof, ...times }): Line[] => [
      [mono(id)],
      signer
        ? [signerLabel({ signer })]
        : ['bare key ', mono(publicKeySha256 === null ? 'unknown' : `sha256:${publicKeySha256}`)],
      [AUTHENTICITY_WORDS[authenticity]],
      [
        `${timeLabel(times.signedAt)}${times.signedAtSource === null ? '' : ` (${TIME_SOURCES[times.signedAtSource]})`}`,
      ],
      [
        log === null
          ? 'in no log'
          : `${log.origin}, ${log.index}${kind === null ? '' : `, ${kind}`}${proof ? '' : ', proof not kept'}`,
      ],
      [linked === null ? '' : linked.note],
    ],
  );
  return [
    { block: 'table', columns: ['Event', 'Signer named', 'Authenticity', 'Signed', 'Log and index', 'Note'], rows },
  ];
}

function bundles({ bundles: listed }: ArchiveDocuments): Block[] {
  if (listed.length === 0) return [paragraph('None is part of it.')];
  const rows = listed.map((bundle): Line[] => [
    [mono(bundle.id)],
    [signerLabel(bundle)],
    [
      bundle.signedAt === null
        ? 'unknown'
        : `${formatUtc(bundle.signedAt)}${bundle.signedAtSource === null ? '' : ` (${TIME_SOURCES[bundle.signedAtSource]})`}`,
    ],
    [bundle.predicateType ?? 'no statement'],
    [bundle.state],
    bundle.event === null ? ['in no log'] : [mono(bundle.event)],
  ]);
  return [{ block: 'table', columns: ['Bundle', 'Signed by', 'Signed', 'What it states', 'State', 'Event'], rows }];
}

function declarations({ declarations: listed }: ArchiveDocuments): Block[] {
  if (listed.length === 0) return [];
  const rows = listed.map(({ id, source, path, kind, sha256 }): Line[] => [
    [`declaration ${id}`],
    [path],
    [source],
    [kind],
    [mono(`sha256:${sha256}`)],
  ]);
  return [
    heading(2, 'Unsigned files'),
    paragraph('What they say was read from them; the files themselves are not in the archive, and nobody signed them.'),
    { block: 'table', columns: ['Declaration', 'File', 'Source', 'Kind', 'Digest'], rows },
  ];
}

function audit({ audit: lines, incident }: ArchiveDocuments): Block[] {
  const rows = lines.map(({ seq, at, actor, action, target, detail }): Line[] => [
    [String(seq)],
    [formatUtc(at)],
    [actorLabel(actor)],
    [action],
    [target],
    [detail === '{}' ? '' : detail],
  ]);
  return [
    paragraph(
      `${formatCount(lines.length)} in a chain of hashes. Whoever noted the last one elsewhere can tell whether the end was cut off: `,
      mono(incident.audit.lastHash),
    ),
    { block: 'table', columns: ['No.', 'When', 'Who', 'What', 'To what', 'In detail'], rows },
  ];
}

function rests({ trust }: ArchiveDocuments): Block[] {
  const rows: [string, Line][] = [
    ['Trust root', trust.root === null ? ['none was in force'] : [mono(`sha256:${trust.root.sha256}`)]],
    ...(trust.earlier.length === 0 ? [] : [['Earlier ones', [formatCount(trust.earlier.length)]] as [string, Line]]),
    ...trust.keys.map(({ name }): [string, Line] => ["Operator's key", [name]]),
    ...trust.authorities.map(({ name }): [string, Line] => ["Operator's authority", [name]]),
    ...(trust.problem === null ? [] : [['Missing', [trust.problem]] as [string, Line]]),
  ];
  return [
    { block: 'facts', rows },
    paragraph(
      'Whoever made this archive chose the trust root in it, so verified against that it only holds together. Who may state ' +
        'where a model comes from, and what is registered as running, is the word of the one who exported it.',
    ),
  ];
}
