import { readFileSync } from 'node:fs';

/** Certificates that a real Fulcio issued: to a workflow, to a mailbox, to a pipeline. */
export const ISSUED = ['actions', 'email', 'gitlab'] as const;

/** The DER of one of them. */
export function issued(name: (typeof ISSUED)[number]): Uint8Array {
  const pem = readFileSync(new URL(`../../fixtures/certs/${name}.pem`, import.meta.url), 'latin1');
  const [first = ''] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+/) ?? [];
  return new Uint8Array(Buffer.from(first.replace('-----BEGIN CERTIFICATE-----', ''), 'base64'));
}
