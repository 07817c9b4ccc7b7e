import { describe, expect, it } from 'vitest';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { type Json, MintedSigstore } from './mint-bundle.ts';
import { common, HOUR, mintKey, T0, TIME_STAMPING } from './mint-certificate.ts';

const sigstore = new MintedSigstore();
const other = new MintedSigstore();
const seenAt = T0 + HOUR;

function judge(der: Uint8Array, change: (root: Json) => void = () => {}) {
  const root = structuredClone(sigstore.trustedRoot);
  change(root);
  return judgeCertificate(der, parseTrustedRoot(JSON.stringify(root)), { seenAt });
}

describe('judging the certificate of a log entry', () => {
  it('verifies one of a trusted authority, at the time that a certificate log proves', () => {
    const verdict = judge(sigstore.leaf().der);
    expect(verdict).toMatchObject({ authenticity: 'verified', signedAt: T0 + 500, source: 'sct' });
    expect(verdict.checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
      'certificate-chain passed',
      'certificate-time passed',
      'sct passed',
    ]);
  });

  it("takes the certificate's own time where the trust root has no certificate log, and says so", () => {
    const verdict = judge(sigstore.leaf({ scts: [] }).der, (root) => {
      root.ctlogs = [];
    });
    expect(verdict).toMatchObject({ authenticity: 'verified', signedAt: T0, source: 'certificate' });
    expect(verdict.checks).toContainEqual(expect.objectContaining({ name: 'certificate-time', outcome: 'not-made' }));
  });

  it('calls one that chains to no trusted authority an impersonation, whatever it says', () => {
    expect(judge(other.leaf().der)).toMatchObject({ authenticity: 'impersonation', signedAt: null, source: null });
    const sameName = { key: mintKey(), name: common('models-intermediate') };
    expect(judge(sigstore.leaf({ issuer: sameName }).der)).toMatchObject({ authenticity: 'impersonation' });
    const key = mintKey();
    const selfMade = sigstore.leaf({ issuer: { key, name: common('self') }, key });
    expect(judge(selfMade.der)).toMatchObject({ authenticity: 'impersonation' });
  });

  it('calls one of a time when its authority was not trusted an impersonation', () => {
    const verdict = judge(sigstore.leaf().der, (root) => {
      root.certificateAuthorities[0].validFor.end = new Date(T0 - HOUR).toISOString();
    });
    expect(verdict).toMatchObject({ authenticity: 'impersonation', reason: expect.stringContaining('not trusted') });
  });

  it('cannot decide where certificate logs are trusted and none vouches', () => {
    for (const scts of [[], [{ log: other.ctLog }]]) {
      const verdict = judge(sigstore.leaf({ scts }).der);
      expect(verdict.authenticity).toBe('unverifiable');
      expect(verdict.checks.at(-1)).toMatchObject({ name: 'sct', outcome: 'failed' });
    }
  });

  it('takes the proven time of one SCT beside another of an unknown log', () => {
    const scts = [{ log: other.ctLog }, { log: sigstore.ctLog, at: T0 + 900 }];
    expect(judge(sigstore.leaf({ scts }).der)).toMatchObject({ authenticity: 'verified', signedAt: T0 + 900 });
  });

  it('cannot decide what is not made for signing, or not readable, or under a root without authorities', () => {
    expect(judge(sigstore.leaf({ purpose: TIME_STAMPING }).der).authenticity).toBe('unverifiable');
    expect(judge(sigstore.leaf({ isCa: true }).der).authenticity).toBe('unverifiable');
    expect(judge(Buffer.from('no certificate')).authenticity).toBe('unverifiable');
    expect(judge(Buffer.concat([sigstore.leaf().der, Buffer.of(0)])).authenticity).toBe('unverifiable');
    const verdict = judge(sigstore.leaf().der, (root) => {
      root.certificateAuthorities = [];
    });
    expect(verdict.authenticity).toBe('unverifiable');
  });

  it('remarks on an SCT outside the validity of its certificate', () => {
    const verdict = judge(sigstore.leaf({ scts: [{ log: sigstore.ctLog, at: T0 + HOUR }] }).der);
    expect(verdict.checks).toContainEqual(expect.objectContaining({ name: 'certificate-time', outcome: 'not-made' }));
  });

  it('survives any byte of a certificate being changed, and never verifies one whose signed part was', () => {
    const { der } = sigstore.leaf();
    const root = parseTrustedRoot(JSON.stringify(sigstore.trustedRoot));
    for (let at = 0; at < der.length; at += 3) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect(judgeCertificate(changed, root, { seenAt }).authenticity).not.toBe('verified');
    }
  });
});
