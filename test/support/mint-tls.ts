import { isIPv4 } from 'node:net';
import { NameTag } from '#lib/watch/certificate-walk.ts';
import { common, HOUR, mintCertificate, mintKey } from '#test/unit/sigstore/mint-certificate.ts';
import { dns, element, extension, sequence } from '#test/unit/watch/der-builder.ts';

export interface MintedTls {
  /** PEM of a certificate for these names, which is its own authority. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate that vouches for itself, and its key: for servers of tests. @param names of hosts, or IPv4 addresses. */
export function mintTls(...names: readonly string[]): MintedTls {
  const key = mintKey();
  const now = Math.floor(Date.now() / 1000) * 1000;
  const subject = common(names[0] ?? 'test');
  const sans = names.map((name) =>
    isIPv4(name) ? element(NameTag.ipAddress, Uint8Array.from(name.split('.').map(Number))) : dns(name),
  );
  const der = mintCertificate({
    subject,
    key,
    issuer: { key, name: subject },
    extensions: [extension('2.5.29.17', sequence(...sans))],
    from: now - HOUR,
    to: now + 24 * HOUR,
  });
  const body = der.toString('base64').replaceAll(/(.{64})/g, '$1\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`,
    key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
