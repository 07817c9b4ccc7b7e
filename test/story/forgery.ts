/** A certificate that names somebody else: made by ourselves, it copies Fulcio's names and key identifier and is signed by no CA. */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, type X509Certificate } from 'node:crypto';
import { bits, der, distinguishedName, extension, octets, oid, sequence, utcTime, utf8 } from './der.ts';
import type { Run } from './signers.ts';

const FULCIO = '1.3.6.1.4.1.57264.1';
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

export interface ForgedCertificate {
  readonly certificate: Buffer;
  readonly privateKey: KeyObject;
}

/**
 * @param san the workflow URI to claim
 * @param authority the certificate of the real intermediate CA, whose name and key identifier are copied
 */
export function forgeCertificate(san: string, issuer: string, run: Run, authority: X509Certificate): ForgedCertificate {
  const subject = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ownAuthority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = subject.publicKey.export({ type: 'spki', format: 'der' });
  const now = Date.now();
  const extensions = [
    extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.3'))),
    extension('2.5.29.14', false, octets(createHash('sha1').update(spki).digest())),
    extension('2.5.29.35', false, sequence(der(0x80, subjectKeyIdentifier(authority)))),
    extension('2.5.29.17', true, sequence(der(0x86, san))),
    extension(`${FULCIO}.1`, false, Buffer.from(issuer)),
    extension(`${FULCIO}.8`, false, utf8(issuer)),
    extension(`${FULCIO}.9`, false, utf8(san)),
    extension(`${FULCIO}.11`, false, utf8('github-hosted')),
    extension(`${FULCIO}.12`, false, utf8(run.repository)),
    extension(`${FULCIO}.13`, false, utf8(run.commit)),
    extension(`${FULCIO}.14`, false, utf8(run.ref)),
    extension(`${FULCIO}.18`, false, utf8(san)),
    extension(`${FULCIO}.20`, false, utf8('push')),
    extension(`${FULCIO}.21`, false, utf8(run.invocation)),
  ];
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([0x40]), randomBytes(19)])),
    ECDSA_WITH_SHA256,
    subjectName(authority),
    sequence(utcTime(new Date(now)), utcTime(new Date(now + 600_000))),
    sequence(),
    spki,
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, ownAuthority.privateKey);
  return { certificate: sequence(body, ECDSA_WITH_SHA256, bits(signature)), privateKey: subject.privateKey };
}

/** The stack's authorities are named O, then CN, both UTF8String. */
function subjectName(certificate: X509Certificate): Buffer {
  const names = certificate.subject.split('\n').map((line) => line.split('='));
  const built = distinguishedName(names.map(([type = '', value = '']) => [type, value]));
  if (!certificate.raw.includes(built)) throw new Error(`cannot copy the name ${certificate.subject}`);
  return built;
}

function subjectKeyIdentifier(certificate: X509Certificate): Buffer {
  const marker = Buffer.from('0603551d0e041604', 'hex');
  const at = certificate.raw.indexOf(marker);
  if (at < 0) throw new Error('the authority has no subject key identifier');
  return certificate.raw.subarray(at + marker.length + 1, at + marker.length + 21);
}
