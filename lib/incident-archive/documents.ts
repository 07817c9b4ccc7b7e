import { z } from 'zod';
import { INPUT_ROLES } from '#lib/attestation/facts.ts';
import { ARTIFACT_KINDS, LINK_STATES } from '#lib/provenance/link-state.ts';
import { ARCHIVE_FORMAT, READ_VERSIONS } from './layout.ts';

// The JSON documents of an archive (docs/incident-archive.md), as they are written and as strictly as they are read.

/** Signatures of one artifact that are exported, the earliest first: a version that is signed each night needs no more. */
export const MAX_SIGNATURES = 20;

const text = z.string().max(65_536);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Milliseconds since the epoch. */
const time = z.int();
const id = z.string().regex(/^[a-z]{3}_[0-9a-z]{1,64}$/);
const path = z.string().max(200);

export const manifestSchema = z.strictObject({
  format: z.literal(ARCHIVE_FORMAT),
  version: z.literal([...READ_VERSIONS]),
  incident: id,
  exportedAt: time,
  generator: z.strictObject({ name: text, version: text }),
  files: z.array(z.strictObject({ path, size: z.int().nonnegative(), sha256 })),
});

const criterion = z.object({ kind: text }).catchall(z.union([text, time, z.null()]));

export type ArchivedScope =
  | { readonly all: readonly ArchivedScope[] }
  | { readonly any: readonly ArchivedScope[] }
  | { readonly is: z.infer<typeof criterion> };

const scope: z.ZodType<ArchivedScope> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(scope) }),
    z.strictObject({ any: z.array(scope) }),
    z.strictObject({ is: criterion }),
  ]),
);

export const incidentSchema = z.strictObject({
  id,
  number: z.int(),
  title: text,
  state: z.enum(['open', 'under-review', 'contained', 'closed']),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  owner: text.nullable(),
  openedAt: time,
  updatedAt: time,
  closedAt: time.nullable(),
  /** When the scope was last worked out. */
  evaluatedAt: time,
  scope,
  /** What consumers are told; null where nothing was said in public. */
  notice: z.strictObject({ wording: text, publicAt: time.nullable() }).nullable(),
  /** The end of the chain in audit.jsonl. */
  audit: z.strictObject({ entries: z.int().nonnegative(), lastHash: sha256 }),
  exportedAt: time,
});

const alias = z.strictObject({ scheme: text, value: text });

const artifact = z.strictObject({
  /** Of this archive only. */
  id: z.int().positive(),
  /** `gone`: a path names it, and it is no longer known. */
  kind: z.enum([...ARTIFACT_KINDS, 'gone']),
  name: text.nullable(),
  /** Everything it is known by. `kind` says what the value is of it. */
  aliases: z.array(z.strictObject({ ...alias.shape, kind: text })),
  versions: z.array(z.strictObject({ model: text, label: text.nullable(), root: sha256 })),
  /** Verified bundles that sign it. */
  signedBy: z.array(id),
  /** Where it was registered as running. */
  deployments: z.array(
    z.strictObject({ environment: text, service: text, startedAt: time, confirmedAt: time, endedAt: time.nullable() }),
  ),
});

const step = z.strictObject({
  artifact: z.int().positive(),
  /** Of links.json; null for the first step, and for a link that is known no more. */
  link: z.int().positive().nullable(),
  /** What was known of that link when the path was found; null for the first step. Not in version 1. */
  state: z.enum(LINK_STATES).nullable().exactOptional(),
  /** Ids of bundles and events, or `declaration 12`. */
  proofs: z.array(text),
  because: text,
});

const affected = z.strictObject({
  artifact: z.int().positive(),
  tier: z.enum(['proven', 'descendant', 'declared', 'not-excluded']),
  path: z.array(step).min(1),
  addedAt: time,
  leftAt: time.nullable(),
  joined: z.boolean(),
  decision: z
    .strictObject({ decision: z.enum(['affected', 'cleared']), at: time.nullable(), reason: text.nullable() })
    .nullable(),
});

export const affectedSchema = z.strictObject({ artifacts: z.array(artifact), affected: z.array(affected) });

const link = z.strictObject({
  id: z.int().positive(),
  child: z.int().positive(),
  parent: z.int().positive(),
  role: z.enum(INPUT_ROLES),
  /** Whose word it is: of one who may state where the child comes from, of somebody else, or an unsigned file's. */
  basis: z.enum(['attester', 'outsider', 'declaration']),
  state: z.enum(LINK_STATES),
  reason: text,
  statedBy: z.union([z.strictObject({ bundle: id }), z.strictObject({ declaration: z.int().positive() })]),
  /** The field of the statement that names the input, and what stands there. */
  at: text,
  name: text.nullable(),
  uri: text.nullable(),
  digests: z.array(z.strictObject({ algorithm: text, digest: text })),
  /** By which digest the statement is about the child; null where none of its subjects' is the child's, and for files. */
  subject: alias.nullable(),
  /** By which digest the input is the parent, or a file of it; null where it is only named. */
  input: alias.nullable(),
});

export const linksSchema = z.strictObject({ links: z.array(link) });

const signer = z.strictObject({ san: text, issuer: text.nullable() });
const timeSource = z.enum(['timestamp-authority', 'sct', 'certificate', 'integrated-time', 'first-seen']);

const bundle = z.strictObject({
  id,
  sha256,
  state: z.enum(['verified', 'refused']),
  /** `sigstore`: by a certificate of the trust root. `key`, `certificate`: trusted by the operator. */
  method: z.enum(['sigstore', 'key', 'certificate']),
  signer: signer.nullable(),
  /** SHA-256 of the signing key's SPKI. */
  keySha256: sha256.nullable(),
  signedAt: time.nullable(),
  signedAtSource: timeSource.nullable(),
  predicateType: text.nullable(),
  event: id.nullable(),
  /** How the event was found: the entry in the bundle is the event's, or it only has the same digest and signature. */
  linkedBy: z.enum(['leaf', 'digest']).nullable(),
  firstSeenAt: time,
});

export const bundlesSchema = z.strictObject({ bundles: z.array(bundle) });

const event = z.strictObject({
  id,
  /** As whoever put it beside the incident wrote; null for events that only bundles and paths lead to. */
  linked: z.strictObject({ note: text, addedAt: time }).nullable(),
  kind: text.nullable(),
  signer: signer.nullable(),
  publicKeySha256: sha256.nullable(),
  authenticity: z.enum(['verified', 'impersonation', 'unverifiable']),
  signedAt: time.nullable(),
  signedAtSource: timeSource.nullable(),
  firstSeenAt: time,
  log: z.strictObject({ origin: text, api: text, index: z.int().nonnegative() }).nullable(),
  /** Whether entry, proof and checkpoint are in the archive. */
  proof: z.boolean(),
});

export const eventsSchema = z.strictObject({ events: z.array(event) });

/** `events/<id>/proof.json`: an inclusion proof (RFC 6962, 2.1.1) in the tree of the checkpoint beside it. */
export const proofSchema = z.strictObject({
  event: id,
  origin: text,
  logIndex: z.int().nonnegative(),
  treeSize: z.int().positive(),
  leafHash: sha256,
  /** Base64, from the leaf's sibling up. */
  hashes: z.array(z.string().max(44)).max(64),
});

export const declarationSchema = z.strictObject({
  id: z.int().positive(),
  artifact: z.int().positive(),
  source: text,
  path: text,
  kind: text,
  sha256,
  /** What was read of the file, which is not in the archive. */
  inputs: z.array(
    z.object({
      role: z.enum(INPUT_ROLES),
      name: text.nullable(),
      uri: text.nullable(),
      digests: z.array(z.strictObject({ algorithm: text, digest: text })),
      at: text,
    }),
  ),
});

const named = z.strictObject({ name: text, file: path });

export const trustSchema = z.strictObject({
  /** The trust root in force when it was exported; null where none was. */
  root: z.strictObject({ file: path, sha256 }).nullable(),
  /** Those that were in force before, the newest first. */
  earlier: z.array(z.strictObject({ file: path, sha256, firstUsedAt: time })),
  /** Of the operator, where a bundle of the archive is signed with them. */
  keys: z.array(named),
  authorities: z.array(named),
  /** Logs that the operator names besides those of the trust root. */
  logs: z.array(z.strictObject({ origin: text, api: text, logId: sha256, keyDetails: text, publicKey: text })),
  /** Why keys or authorities of the operator that bundles need are missing; null where none are. */
  problem: text.nullable(),
});

export const auditEntrySchema = z.strictObject({
  chain: text,
  seq: z.int().positive(),
  at: time,
  actor: text,
  action: text,
  target: text,
  detail: z.string(),
  previous: sha256,
  hash: sha256,
});

export type ArchiveManifest = z.infer<typeof manifestSchema>;
export type ArchivedIncident = z.infer<typeof incidentSchema>;
export type ArchivedArtifact = z.infer<typeof artifact>;
export type ArchivedStep = z.infer<typeof step>;
export type ArchivedAffected = z.infer<typeof affected>;
export type AffectedDocument = z.infer<typeof affectedSchema>;
export type ArchivedLink = z.infer<typeof link>;
export type ArchivedBundle = z.infer<typeof bundle>;
export type ArchivedEvent = z.infer<typeof event>;
export type ArchivedProof = z.infer<typeof proofSchema>;
export type ArchivedDeclaration = z.infer<typeof declarationSchema>;
export type ArchivedTrust = z.infer<typeof trustSchema>;
export type AuditLine = z.infer<typeof auditEntrySchema>;

/** Everything in an archive that the report is made from. */
export interface ArchiveDocuments {
  readonly incident: ArchivedIncident;
  readonly affected: AffectedDocument;
  readonly links: readonly ArchivedLink[];
  readonly bundles: readonly ArchivedBundle[];
  readonly events: readonly ArchivedEvent[];
  readonly declarations: readonly ArchivedDeclaration[];
  readonly trust: ArchivedTrust;
  readonly audit: readonly AuditLine[];
}
