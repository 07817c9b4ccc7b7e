import { z } from 'zod';
import { EXTENSION_NAMES, extensionNumber, FULCIO_ARC } from '#lib/watch/fulcio-extensions.ts';
import { SAN_TYPES } from '#lib/watch/general-name.ts';
import type { WatchRule } from '#lib/watch/rule.ts';
import { nearest } from './nearest.ts';
import { refuse, refuseKey, uniqueBy } from './refusal.ts';
import { valueMatcher } from './value-schema.ts';
import { watchedDigests, watchedKeys } from './watched-values.ts';

const MAX_RULES = 2000;

const extensions = z
  .record(z.string(), valueMatcher)
  .meta({
    minProperties: 1,
    propertyNames: {
      anyOf: [{ enum: EXTENSION_NAMES }, { pattern: `^${FULCIO_ARC.replaceAll('.', '\\.')}\\.[0-9]+$` }],
    },
  })
  .superRefine((map, context) => {
    for (const key of Object.keys(map).filter((name) => extensionNumber(name) === 0)) {
      const near = nearest(key, EXTENSION_NAMES);
      const mend = near === null ? `Use one of ${EXTENSION_NAMES.join(', ')}` : `Write ${near}`;
      refuseKey(context, key, `neither names an extension of Fulcio's nor is an OID under ${FULCIO_ARC}`, mend);
    }
  });

const watchRule = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .max(100)
      .describe('What events are listed under. Once chosen, keep it: history is kept by it.'),
    own: z
      .boolean()
      .describe(
        'Whether your organisation signs as this identity: then a signature nobody can account for is an alarm.',
      )
      .meta({ default: true })
      .exactOptional(),
    identity: valueMatcher
      .describe('The subject alternative name of the certificate. Text means exact; or one of exact, glob, pattern.')
      .exactOptional(),
    'san-type': z
      .enum(SAN_TYPES)
      .describe('Which kind of alternative name counts. Left out, any does: an evasion may use another kind.')
      .exactOptional(),
    issuer: valueMatcher
      .describe('The OpenID Connect issuer. Without it, the same address at any identity provider is met.')
      .exactOptional(),
    extensions: extensions
      .describe('Further Fulcio extensions, by name or OID, all of which must be met. Numeric ids survive a rename.')
      .exactOptional(),
    key: watchedKeys
      .describe(
        'A public key, or a list of which any will do: the SHA-256 of its SPKI DER in hex, or its PEM. Met by entries signed with the bare key, and by certificates for it. The SHA-256 of a certificate is met by that certificate.',
      )
      .exactOptional(),
    digest: watchedDigests
      .describe(
        'A digest of what is signed, or a list of which any will do, in hex: SHA-256, SHA-384 or SHA-512 of a file, a payload, an envelope. It says nothing of who signs.',
      )
      .exactOptional(),
  })
  .superRefine((rule, context) => {
    const isAboutDigests = !namesSigner(rule) && rule.digest !== undefined;
    if (!namesSigner(rule) && !isAboutDigests) {
      refuse(context, 'names nothing to look for', 'Add identity, issuer, extensions, key or digest');
    }
    if (isAboutDigests && rule.own === true) {
      refuse(
        context,
        'anybody can sign this digest: that is no signature of your own',
        'Write false, or add identity or key',
        ['own'],
      );
    }
    if (rule['san-type'] !== undefined && rule.identity === undefined) {
      refuse(context, 'restricts an identity that is not there', 'Add identity, or leave out san-type', ['san-type']);
    }
  })
  .transform(
    ({ 'san-type': sanType, key: keys, digest: digests, own, ...rule }): WatchRule => ({
      ...rule,
      // A rule of digests alone says nothing of who signs.
      own: own ?? namesSigner({ ...rule, key: keys }),
      ...(sanType === undefined ? {} : { sanType }),
      ...(keys === undefined ? {} : { keys }),
      ...(digests === undefined ? {} : { digests }),
    }),
  );

/** Whether the rule says who signs. */
function namesSigner(
  rule: Pick<WatchRule, 'identity' | 'issuer' | 'extensions'> & { readonly key?: unknown },
): boolean {
  const { identity, issuer, extensions = {}, key } = rule;
  return identity !== undefined || issuer !== undefined || key !== undefined || Object.keys(extensions).length > 0;
}

export const watchSchema = uniqueBy(z.array(watchRule).max(MAX_RULES), 'name');
