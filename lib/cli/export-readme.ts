import { formatIso, formatPlural } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import {
  canQuote,
  checkpointCommand,
  inclusionCommand,
  modelCommand,
  shellQuote,
  type VerifyCommand,
} from '#lib/provenance/verify-commands.ts';
import type { ModelEvidence } from '#lib/services/export/collect-evidence.ts';

export interface ExportFacts {
  /** Milliseconds. */
  readonly at: number;
  /** SHA-256 of the trust root; null where none is in force. */
  readonly trustSha256: string | null;
  /** Paths of lists of checksums with the program that checks them. */
  readonly checksums: readonly { readonly path: string; readonly program: string }[];
}

const TRUST_NOTE =
  'The trust root is as this Modeltrail had it. Compare it with the one that you have by safe means: all below rests on it.';

/** What lies in an exported folder, and how to verify it with other people's tools. */
export function exportReadme(evidence: ModelEvidence, { at, trustSha256, checksums }: ExportFacts): string {
  const { model, versions, olderVersions, bundles, entries, findings } = evidence;
  const commands = commandsFor(evidence);
  const lines = [
    `Evidence of the model ${showText(model.name)}`,
    `Exported ${formatIso(at)}.`,
    '',
    'A name, a label and what a statement says are claims. Who signed is proved by the commands below, not by this text.',
    '',
    'model.json              its versions, with who signed what (as Modeltrail judged it)',
    'findings.json           what there is and was to look at',
    'versions/ID/            manifest.* as lines for checksum programs, statement.json as it was signed (OMS)',
    'bundles/                the Sigstore bundles, byte for byte',
    'entries/                log entries, inclusion proofs (C2SP tlog-proof), checkpoints',
    'logs/                   the keys of the logs, in PEM',
    ...(trustSha256 === null ? [] : [`trusted_root.json       sha256:${trustSha256}`]),
    '',
    `${formatPlural(versions.length, 'version')}, ${formatPlural(bundles.length, 'bundle')}, ${formatPlural(entries.length, 'event')}, ${formatPlural(findings.length, 'finding')}.`,
    ...(olderVersions > 0 ? [`${formatPlural(olderVersions, 'older version')} left out: name one to export it.`] : []),
    ...(trustSha256 === null ? ['No trust root has been in force here, so none is in this folder.'] : [TRUST_NOTE]),
    '',
    'To verify it without Modeltrail, from within this folder',
    '=========================================================',
    ...checksums.flatMap(({ path, program }) => [
      '',
      'The files are those of the list (run in the folder of the model; DIR is this folder):',
      `  ${program} --check DIR/${path}`,
    ]),
    '',
    'A bundle without a command is signed by a key or an authority that is trusted here: get that from its owner, and',
    'use model_signing verify key or model_signing verify certificate.',
    ...commands.flatMap(({ title, explanation, command }) => ['', `${title}. ${explanation}`, '', command]),
  ];
  return `${lines.join('\n')}\n`;
}

function commandsFor({ versions, bundles, entries }: ModelEvidence): VerifyCommand[] {
  const signatures = new Set(versions.flatMap(({ signings }) => signings.map(({ bundleId }) => bundleId)));
  const ofBundles = bundles.map(({ bundleId, san, issuer, predicateType }) => {
    const file = `bundles/${bundleId}.sigstore.json`;
    if (!signatures.has(bundleId)) return statementCommand(file, { san, issuer, predicateType });
    const command = modelCommand({ san, issuer, hasOwnTrustRoot: false }, file);
    const explanation = `Put the model into the folder model. For a Sigstore of your own add --trust_config with a client_trust_config.json that holds trusted_root.json.`;
    return command && { ...command, explanation };
  });
  const ofEntries = entries.flatMap(({ eventId, log }) => {
    if (!log) return [];
    const [file, key] = [`entries/${eventId}`, `logs/log-${log.id}.pem`];
    return [
      { ...inclusionCommand(`${file}.entry`, `${file}.tlog-proof`), explanation: 'Needs Python 3 only.' },
      checkpointCommand(`${file}.checkpoint`, key, log.logId.slice(0, 8), log.keyDetails),
    ];
  });
  return [...ofBundles, ...ofEntries].filter((command) => command !== null);
}

/** What it is about is the model's root, which is no file: so cosign is asked for the signature alone. */
function statementCommand(
  file: string,
  { san, issuer, predicateType }: { san: string | null; issuer: string | null; predicateType: string | null },
): VerifyCommand | null {
  const texts = [san, issuer, predicateType];
  if (san === null || issuer === null || predicateType === null || !texts.every((text) => canQuote(text ?? ''))) {
    return null;
  }
  return {
    title: 'The signed statement',
    explanation: 'That it is about the model, its subject in the bundle says: the root of a statement.json.',
    command: [
      'cosign verify-blob-attestation --check-claims=false',
      `--bundle ${shellQuote(file)}`,
      `--type ${shellQuote(predicateType)}`,
      `--certificate-identity ${shellQuote(san)}`,
      `--certificate-oidc-issuer ${shellQuote(issuer)}`,
      '--trusted-root trusted_root.json',
    ].join(' \\\n  '),
  };
}
