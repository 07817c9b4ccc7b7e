import { COSEALG } from '@simplewebauthn/server/helpers';

/** Keys that passkeys may have. Others are experimental in Node, which would say so in the log at each start. */
export const PASSKEY_ALGORITHMS = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];
