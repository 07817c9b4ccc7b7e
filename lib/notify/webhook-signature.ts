import { createHmac } from 'node:crypto';
import { DeliveryError } from './delivery-error.ts';

const PREFIX = 'whsec_';
const MIN_BYTES = 24;
const MAX_BYTES = 64;

export interface SignedMessage {
  readonly id: string;
  /** Seconds since the epoch, of this try. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * The headers of a signed webhook (Standard Webhooks 1.0): `v1`, HMAC-SHA256 over `id.timestamp.body`, once with each
 * secret, so that one can be replaced without a gap.
 *
 * @throws {DeliveryError} for a secret that is none: 24 to 64 bytes in base64 behind `whsec_`.
 */
export function signWebhook({ id, timestamp, body }: SignedMessage, secrets: readonly string[]) {
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') };
}

function keyOf(secret: string): Buffer {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(base64, 'base64');
  if (key.length >= MIN_BYTES && key.length <= MAX_BYTES && key.toString('base64') === base64) return key;
  throw new DeliveryError(
    `The secret of the webhook is none: write ${PREFIX} and ${MIN_BYTES} to ${MAX_BYTES} random bytes in base64.`,
    'unlikely',
  );
}
