import type { StatedValue } from '#lib/attestation/facts.ts';
import { repositoryOf } from '#lib/attestation/source-code.ts';
import { describeSigner } from '../signer.ts';
import { extensionText, FULCIO, isExtension, isIssuedThrough } from './certificate-match.ts';
import { type CheckFinding, type CheckRule, met, notKnown, notMet, ofStatement, quoted } from './level-check.ts';
import type { StatementEvidence } from './level-facts.ts';
import { findBuilder } from './trust-table.ts';

/** Level 2, first half: who signed the provenance, and that it was a pipeline. */
export const LEVEL_2_SIGNATURE: readonly CheckRule[] = [
  {
    id: '2.1',
    title: 'The provenance is signed',
    reads: 'Signature: over the DSSE pre-authentication encoding',
    mend: 'Sign the statement in the pipeline that makes it.',
    judge: ofStatement(({ signature }) =>
      signature ? met('The signature over its bytes verifies.') : notMet('No signature over it verifies.'),
    ),
  },
  {
    id: '2.2',
    title: 'Its certificate was valid when it signed',
    reads: 'Certificate: chain to the trust root at the proven time, timestamp of a certificate log (SCT)',
    mend: 'Sign with a certificate of the Sigstore that your trust root names, and not with a bare key.',
    judge: ofStatement(({ signature }) => {
      if (!signature) return notMet('There is no signature, and so no certificate.');
      if (signature.method !== 'sigstore') return notMet('It is signed with a key or an authority of one’s own.');
      const missing = (['certificate-chain', 'certificate-time', 'sct'] as const).filter(
        (one) => !signature.passed.has(one),
      );
      return missing.length === 0
        ? met('Chain, time of signing and SCT were checked when it came in.')
        : notKnown(`Not checked when it came in: ${missing.join(', ')}.`);
    }),
  },
  {
    id: '2.3',
    title: 'A public log holds the signature',
    reads: 'Log: inclusion proof, signed checkpoint',
    mend: 'Sign through a transparency log, and keep the proof in the bundle.',
    judge: ofStatement(({ signature }) => {
      if (!signature || signature.logged === 'not-logged') return notMet('No log is known to hold it.');
      if (signature.logged === 'proved') return met('Read in the log here, and proved to be in its tree.');
      return signature.passed.has('inclusion') && signature.passed.has('checkpoint-signature')
        ? met('The bundle proves it against a checkpoint that the log signed; it was not read in the log yet.')
        : notKnown('The bundle promises a place in a log, and does not prove it.');
    }),
  },
  {
    id: '2.4',
    title: 'Its signer is expected to speak for this model',
    reads: 'Certificate: subject alternative name and issuer, against `models` of the configuration',
    mend: 'Name who signs this model, and who may state its provenance, under `models`.',
    judge: ofStatement(({ signature }, { version: { expectation } }) => {
      if (!signature) return notMet('There is no signature, and so no signer.');
      const who = quoted(describeSigner(signature.signer));
      if (!signature.isExpected) return notMet(`${who} is not expected to state anything of it.`);
      return expectation === null
        ? notKnown(`Signed by ${who}; the configuration expects nobody in particular.`)
        : met(`${who} is expected by ${quoted(expectation)}.`);
    }),
  },
  {
    id: '2.5',
    title: 'A pipeline made it, not a person',
    reads: 'Certificate: a web address as name, issuer in `builders.ci-issuers`, extension 1.18 (build config)',
    mend: 'Sign with the identity of the pipeline, and list its issuer under `builders.ci-issuers`.',
    judge: ofStatement(({ signature }, { trust: { ciIssuers } }) => {
      const certificate = signature?.certificate ?? null;
      if (!signature || !certificate) return notKnown('There is no certificate that could say so.');
      if (certificate.sans.length !== 1 || certificate.sans[0]?.type !== 'uri') {
        return notMet(`${quoted(signature.signer.san)} is no address of a pipeline.`);
      }
      if (!ciIssuers.some((issuer) => isIssuedThrough(certificate, issuer))) {
        return notKnown(
          `The issuer ${quoted(signature.signer.issuer ?? 'none')} is not known to serve pipelines alone.`,
        );
      }
      const config = extensionText(certificate, FULCIO.buildConfigUri);
      return config === null ? notMet('The certificate names no build configuration.') : met(`Ran ${quoted(config)}.`);
    }),
  },
  {
    id: '2.6',
    title: 'Its builder is accepted',
    reads: 'Configuration: `builders.trusted`, by builder.id with the signer’s identity and issuer, byte for byte',
    mend: 'Look into how this builder makes provenance, then add it under `builders.trusted` with its level.',
    judge: ofStatement(({ signature, facts: { builder } }, { trust }) => {
      if (!builder) return notMet('The statement names no builder.');
      const row = findBuilder(trust, signature?.certificate ?? null, builder.value);
      return row
        ? met(`${quoted(row.name)} is accepted up to Build level ${row.level}.`)
        : notKnown(`Nobody accepted ${quoted(builder.value)} with this signer: it is an unknown builder.`);
    }),
  },
  {
    id: '2.7',
    title: 'What it says of commit, repository and run is what its certificate says',
    reads: 'Statement against certificate: extensions 1.13, 1.12 and 1.21',
    mend: 'Have the pipeline fill these in itself. Where they differ, find out which commit was trained on.',
    judge: ofStatement(claimsMatch),
  },
];

function claimsMatch({ signature, facts }: StatementEvidence): CheckFinding {
  const certificate = signature?.certificate ?? null;
  if (!certificate) return notKnown('There is no certificate to compare it with.');
  const text = (number: number) => extensionText(certificate, number);
  const repository = (address: string) => repositoryOf(address).toLowerCase();
  const run = (address: string) => address.replace(/\/attempts\/\d{1,9}$/, '');
  const compared: readonly [string, StatedValue | null, string | null, (stated: string, proven: string) => boolean][] =
    [
      [
        'commit',
        facts.commit,
        text(FULCIO.sourceRepositoryDigest),
        (stated) => isExtension(certificate, FULCIO.sourceRepositoryDigest, stated),
      ],
      [
        'repository',
        facts.repository,
        text(FULCIO.sourceRepositoryUri),
        (stated, proven) => repository(stated) === repository(proven),
      ],
      ['run', facts.invocation, text(FULCIO.runInvocationUri), (stated, proven) => run(stated) === run(proven)],
    ];
  const differing = compared.filter(
    ([, stated, proven, agrees]) => stated && proven !== null && !agrees(stated.value, proven),
  );
  if (differing.length > 0)
    return notMet(`The certificate names another ${differing.map(([what]) => what).join(' and ')}.`);
  const unstated = compared.filter(([, stated]) => !stated);
  if (unstated.length > 0) return notMet(`The statement names no ${unstated.map(([what]) => what).join(' and no ')}.`);
  const uncertified = compared.filter(([, , proven]) => proven === null);
  if (uncertified.length > 0) {
    return notKnown(`The certificate names no ${uncertified.map(([what]) => what).join(' and no ')}.`);
  }
  return met('Commit, repository and run stand in the certificate too.');
}
