import { hash } from 'node:crypto';
import type { RemoteClient } from '#lib/remote/client.ts';
import { askService } from './service-client.ts';
import { SigningError } from './signing-error.ts';

/** TimeStampReq (RFC 3161, 2.4.1): version 1, the digest as SHA-256, `certReq` true. The digest stands between the two. */
const BEFORE_DIGEST = Buffer.from('30390201013031300d060960864801650304020105000420', 'hex');
const AFTER_DIGEST = Buffer.from('0101ff', 'hex');

/**
 * Has a timestamp authority (RFC 3161) state when it saw a signature. A nonce is left out: no signature is stamped twice.
 *
 * @returns the TimeStampResp in DER, unread: the bundle that it becomes part of is verified whole.
 * @throws {SigningError}
 */
export async function requestTimestamp(client: RemoteClient, url: string, signature: Uint8Array): Promise<Buffer> {
  const service = { name: 'The timestamp authority', url };
  const digest = hash('sha256', signature, 'buffer');
  const { bytes, header } = await askService(client, service, {
    // An address without a path is that of the Sigstore server.
    path: new URL(url).pathname === '/' ? '/api/v1/timestamp' : '',
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: Buffer.concat([BEFORE_DIGEST, digest, AFTER_DIGEST]),
  });
  if (header('content-type')?.startsWith('application/timestamp-reply')) return Buffer.from(bytes);
  throw new SigningError(`${service.name} ${url} answered with something else than a timestamp.`);
}
