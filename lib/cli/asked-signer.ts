import {
  loadOperatorTrust,
  NO_OPERATOR_TRUST,
  type OperatorTrust,
  parseTrustedKey,
} from '#lib/sigstore/operator-trust.ts';
import type { AnyVerdict } from '#lib/sigstore/verify-any.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { escapeText } from '#lib/watch/display.ts';
import { UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import { readFileUpTo } from './read-file.ts';
import type { ChosenTrust } from './trust.ts';

/** Who must have signed. Names are compared whole, byte for byte. */
export type AskedSigner =
  | { readonly by: 'identity'; readonly identity: string; readonly issuer: string }
  | { readonly by: 'key' }
  /** `identity` is null where anybody whose certificate the authority issued may have signed. */
  | { readonly by: 'authority'; readonly identity: string | null };

export interface SignerQuestion {
  /** Null where anybody may have signed. */
  readonly asked: AskedSigner | null;
  /** Whom to believe without a log. Where a key or an authority was given, that one alone. */
  readonly operator: OperatorTrust;
}

type Verified = Extract<AnyVerdict, { outcome: 'verified' }>;

const MAX_KEY = 64 * 1024;

/**
 * Who must have signed, by `--identity`, `--issuer`, `--key` and `--authority`. A key or authority that is given stands
 * in place of those of the configuration: it is asked whether that one signed, not whether any that is trusted did.
 *
 * @throws {UsageError} for options that ask two things at once, and for files that cannot be read.
 * @throws {TrustError} for a key or certificate that cannot be used.
 */
export async function readAskedSigner(input: CommandInput, trust: ChosenTrust): Promise<SignerQuestion> {
  const identity = input.text('identity');
  const issuer = input.text('issuer');
  const key = input.text('key');
  const authorities = input.texts('authority');
  if (key !== undefined) {
    if (identity !== undefined || issuer !== undefined || authorities.length > 0) {
      throw new UsageError('A bare key has no name and no authority. Leave out --key, or all of the others.');
    }
    const pem = (await readFileUpTo(key, MAX_KEY, 'key')).toString('latin1');
    return { asked: { by: 'key' }, operator: { ...NO_OPERATOR_TRUST, keys: [parseTrustedKey(key, pem)] } };
  }
  if (authorities.length > 0) {
    if (issuer !== undefined)
      throw new UsageError('With --authority that authority is the issuer. Leave out --issuer.');
    const files = authorities.map((file) => ({ name: file, file }));
    const operator = await loadOperatorTrust({ keys: [], authorities: files });
    return { asked: { by: 'authority', identity: identity ?? null }, operator };
  }
  const operator = await loadOperatorTrust(trust.operatorFiles);
  if (identity === undefined && issuer === undefined) return { asked: null, operator };
  if (identity !== undefined && issuer !== undefined) return { asked: { by: 'identity', identity, issuer }, operator };
  throw new UsageError(
    'An identity is a name together with its issuer: the same name at another provider is somebody else. Give both --identity and --issuer.',
  );
}

/** Why the signer is not who was asked for; null where it is. */
export function compareSigner(verdict: Verified, asked: AskedSigner): { code: string; reason: string } | null {
  if (asked.by === 'key') return isByKey(verdict) ? null : notApplicable();
  if (isByKey(verdict)) {
    return { code: 'other-identity', reason: 'The bundle is signed with a bare key: no identity signed it.' };
  }
  const certificate = certificateOf(verdict);
  if (asked.by === 'identity') return compareIdentity(verdict.logged, certificate, asked);
  if (verdict.logged) {
    const by = verdict.signer?.issuer ?? 'no issuer';
    return { code: 'other-issuer', reason: `The signer was vouched for by ${by}, not by an authority that was given.` };
  }
  return asked.identity === null ? null : compareName(certificate, asked.identity);
}

function isByKey(verdict: Verified): boolean {
  return verdict.logged ? verdict.key !== null : verdict.method === 'key';
}

function certificateOf({ signer }: Verified): CertificateFacts | null {
  return signer !== null && 'certificate' in signer ? signer.certificate : null;
}

function notApplicable(): { code: string; reason: string } {
  return {
    code: 'key-not-applicable',
    reason:
      'The bundle was signed with a certificate, not with the key that was given. Verify it by identity and issuer.',
  };
}

function compareIdentity(
  logged: boolean,
  certificate: CertificateFacts | null,
  { identity, issuer: wanted }: Extract<AskedSigner, { by: 'identity' }>,
): { code: string; reason: string } | null {
  const difference = compareName(certificate, identity);
  if (difference || !certificate) return difference;
  const { issuer } = certificate;
  // What a private authority writes into its certificates about an identity provider is its own word.
  if (!logged) {
    const reason = `The signer was vouched for by an authority of the configuration, not by ${wanted}. Ask for it with --authority.`;
    return { code: 'other-issuer', reason };
  }
  if (issuer.conflict) {
    return {
      code: 'other-issuer',
      reason: 'The certificate names more than one issuer, so that none can be relied on.',
    };
  }
  // Escaping is one to one, so that equal escaped issuers are equal bytes.
  if (issuer.value === escapeText(wanted)) return null;
  const found = issuer.value ?? 'no issuer';
  return { code: 'other-issuer', reason: `The signer was vouched for by ${found}, not by ${wanted}.` };
}

/** A certificate without alternative names has its subject for a name, as it is shown. */
function compareName(certificate: CertificateFacts | null, wanted: string): { code: string; reason: string } | null {
  const raw = Buffer.from(wanted).toString('hex');
  const sans = certificate?.sans ?? [];
  if (sans.some((san) => san.raw === raw)) return null;
  if (certificate && sans.length === 0 && certificate.subjectName === wanted) return null;
  const names = sans.length > 0 ? sans.map(({ value }) => value).join(', ') : (certificate?.subjectName ?? 'nobody');
  return { code: 'other-identity', reason: `The bundle is signed by ${names}, not by ${wanted}.` };
}
