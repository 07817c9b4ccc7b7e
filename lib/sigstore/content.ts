import { hasSubject, parseStatement, STATEMENT_PAYLOAD_TYPE } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { ParsedBundle } from './bundle.ts';
import { verifyContentSignature } from './content-signature.ts';
import { type DigestAlgorithm, digestsOf } from './pae.ts';
import { passed, Refusal } from './refusal.ts';
import type { SigningKey } from './signer.ts';

/** The file that the bundle should be about, as bytes or by its digest in lowercase hex. */
export interface ArtifactToMatch {
  readonly artifact?: Uint8Array;
  readonly artifactDigest?: { readonly algorithm: DigestAlgorithm; readonly digest: string };
}

/**
 * Proves that the key signed the content of the bundle, and that the content is about the artifact, where one is given.
 *
 * @throws {Refusal}
 */
export function verifyContent(parsed: ParsedBundle, signer: SigningKey, match: ArtifactToMatch, checks: Check[]): void {
  const result = verifyContentSignature(parsed, signer.key, match.artifact);
  const evidence = {
    ...(parsed.payloadType !== null && { 'payload type': parsed.payloadType.slice(0, 200) }),
    signed: describeDigests(parsed),
    signature: `sha256:${parsed.signatureSha256}`,
  };
  if (result === 'unsupported') {
    throw new Refusal(
      'unsupported-signature',
      'signature',
      `Signatures of ${signer.key.asymmetricKeyType} keys over a digest cannot be checked without the file itself.`,
      'Verify the bundle together with the file.',
      evidence,
    );
  }
  if (!result) {
    throw new Refusal(
      'signature-invalid',
      'signature',
      'The signature is not by the key of the signer over the content of the bundle.',
      'The content or the signature was changed. Take the bundle from the signer again.',
      evidence,
    );
  }
  checks.push(passed('signature', "The content is signed with the signer's key.", evidence));
  const wanted = wantedDigests(match);
  if (wanted.length === 0) return;
  checks.push(parsed.payload ? matchSubject(parsed, parsed.payload, wanted) : matchMessage(parsed, wanted));
}

type Wanted = readonly { readonly algorithm: DigestAlgorithm; readonly digest: string }[];

function wantedDigests({ artifact, artifactDigest }: ArtifactToMatch): Wanted {
  const given = artifactDigest ? [artifactDigest] : [];
  if (!artifact) return given;
  const { sha256, sha384, sha512 } = digestsOf(artifact);
  return [
    { algorithm: 'sha256', digest: sha256 },
    { algorithm: 'sha384', digest: sha384 },
    { algorithm: 'sha512', digest: sha512 },
  ];
}

function matchMessage(parsed: ParsedBundle, wanted: Wanted): Check {
  const match = wanted.find(({ algorithm, digest }) => parsed.signed[algorithm] === digest);
  if (match) {
    return passed('statement', 'The signed digest is that of the file.', {
      digest: `${match.algorithm}:${match.digest}`,
    });
  }
  throw otherArtifact('The signature is over another file than the one given.', describeDigests(parsed), wanted);
}

function matchSubject(parsed: ParsedBundle, payload: Buffer, wanted: Wanted): Check {
  if (parsed.payloadType !== STATEMENT_PAYLOAD_TYPE) {
    throw otherArtifact('The signed payload is no in-toto statement, so it is about no file.', 'no subject', wanted);
  }
  try {
    const statement = parseStatement(payload);
    const match = wanted.find(({ algorithm, digest }) => hasSubject(statement, algorithm, digest));
    if (match) {
      return passed('statement', 'The file is a subject of the signed statement.', {
        digest: `${match.algorithm}:${match.digest}`,
        'predicate type': statement.predicateType,
      });
    }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    throw otherArtifact(error.message, 'no readable subject', wanted);
  }
  throw otherArtifact('The file is no subject of the signed statement.', 'other subjects', wanted);
}

function otherArtifact(statement: string, signed: string, wanted: Wanted): Refusal {
  return new Refusal('artifact-mismatch', 'statement', statement, 'Check that bundle and file belong together.', {
    signed,
    file: wanted.map(({ algorithm, digest }) => `${algorithm}:${digest}`).join(', '),
  });
}

/** For DSSE the first digest is enough to find the signing by: all three are of the same bytes. */
function describeDigests({ signed, content }: ParsedBundle): string {
  const digests = Object.entries(signed).filter(([, digest]) => digest !== null);
  return (content === 'dsse' ? digests.slice(0, 1) : digests).map(([name, digest]) => `${name}:${digest}`).join(', ');
}
