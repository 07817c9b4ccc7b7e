/** What a Sigstore bundle says of its log entry and its time, for story.json. The bundle is verified elsewhere. */
import { RFC3161Timestamp } from '@sigstore/core';
import { z } from 'zod';
import { leafHash } from './tree.ts';

const bundleSchema = z.object({
  verificationMaterial: z.object({
    tlogEntries: z
      .array(
        z.object({
          kindVersion: z.object({ kind: z.string(), version: z.string() }),
          canonicalizedBody: z.string(),
          inclusionProof: z.object({ logIndex: z.string(), checkpoint: z.object({ envelope: z.string() }) }),
        }),
      )
      .length(1),
    timestampVerificationData: z.object({
      rfc3161Timestamps: z.array(z.object({ signedTimestamp: z.string() })).length(1),
    }),
  }),
  dsseEnvelope: z.object({ payload: z.string() }).optional(),
});

const statementSchema = z.object({ predicateType: z.string() });

export interface BundleFacts {
  readonly log: string;
  readonly logIndex: number;
  readonly leafHash: string;
  readonly kind: string;
  readonly signedAt: string;
  readonly predicateType: string | null;
}

export function bundleFacts(bundle: unknown): BundleFacts {
  const { verificationMaterial, dsseEnvelope } = bundleSchema.parse(bundle);
  const [entry] = verificationMaterial.tlogEntries;
  const [timestamp] = verificationMaterial.timestampVerificationData.rfc3161Timestamps;
  if (entry === undefined || timestamp === undefined) throw new Error('the bundle lacks its entry or its timestamp');
  const token = RFC3161Timestamp.parse(Buffer.from(timestamp.signedTimestamp, 'base64'));
  return {
    log: entry.inclusionProof.checkpoint.envelope.split('\n')[0] ?? '',
    logIndex: Number(entry.inclusionProof.logIndex),
    leafHash: leafHash(Buffer.from(entry.canonicalizedBody, 'base64')).toString('hex'),
    kind: `${entry.kindVersion.kind} ${entry.kindVersion.version}`,
    signedAt: token.signingTime.toISOString(),
    predicateType: dsseEnvelope === undefined ? null : predicateTypeOf(dsseEnvelope.payload),
  };
}

function predicateTypeOf(payload: string): string {
  return statementSchema.parse(JSON.parse(Buffer.from(payload, 'base64').toString())).predicateType;
}
