import { and, eq, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { models, versions } from '#db/schema/model.ts';
import { registrationConflicts, registrations } from '#db/schema/registration.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import { stableId } from '#lib/ids.ts';
import type { OmsManifest } from '#lib/model-signing/oms.ts';
import { storeVersion } from '#lib/services/bundle/record-version.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settleFindingsOfModel } from '#lib/services/finding/settle-findings.ts';
import { settle } from '#lib/services/settle.ts';
import type { Standards } from '#lib/services/standards.ts';
import { registeredManifest } from './registered-manifest.ts';
import { RegistrationError } from './registration-error.ts';

const MAX_NAME = 512;
const MAX_LABEL = 100;

export interface VersionToRegister {
  /** The model's slug or exact name; a name that is not known yet makes the model. */
  readonly model: string;
  /** What its maker calls the version. */
  readonly label: string;
  readonly list: HashList;
  /** The token's name, or `command line`. */
  readonly source: string;
}

export interface RegisteredVersion {
  /** `known`: the same files were registered under this label before. */
  readonly outcome: 'registered' | 'known';
  readonly model: { readonly id: string; readonly name: string; readonly slug: string };
  readonly versionId: string;
  readonly label: string;
  /** OMS root, lowercase hex: what a signature will state. */
  readonly root: string;
  readonly fileCount: number;
  /** Of the first registration; milliseconds since the epoch. */
  readonly registeredAt: number;
  /** Who registered it first: the token's name. */
  readonly source: string;
}

interface Clash {
  readonly registration: typeof registrations.$inferSelect;
  readonly registeredRoot: string;
}

/**
 * Stores the files of a version as its maker states them, before anybody signs: later versions, signatures and checks are
 * compared with them. A label stands for one set of files, for good.
 *
 * @throws {RegistrationError} `label-taken` for other files, which raises a finding; `incomplete` and `bad-name`, of which
 *   nothing is kept.
 */
export function registerVersion(
  ctx: ServiceContext,
  { model, label, list, source }: VersionToRegister,
  standards: Standards,
): RegisteredVersion {
  refuseBadText(model, MAX_NAME, 'model');
  refuseBadText(label, MAX_LABEL, 'label');
  const { db } = ctx.database;
  const known = db.select({ name: models.name }).from(models).where(eq(models.slug, model)).get();
  const isName = db.select({ id: models.id }).from(models).where(eq(models.name, model)).get() !== undefined;
  const manifest = registeredManifest(known && !isName ? known.name : model, list);
  const now = ctx.now();
  const taken = db.transaction((tx) => register(tx, { manifest, label, source, now }, standards), {
    behavior: 'immediate',
  });
  if ('clash' in taken) {
    const message = `Version ${label} of ${manifest.name} is registered with other files (root ${taken.clash.registeredRoot}; these have ${manifest.root}). A label stands for one set of files: register these under another.`;
    throw new RegistrationError('label-taken', message, 'label');
  }
  return taken;
}

interface Registering {
  readonly manifest: OmsManifest;
  readonly label: string;
  readonly source: string;
  readonly now: number;
}

function register(
  tx: Writer,
  { manifest, label, source, now }: Registering,
  { policies }: Standards,
): RegisteredVersion | { readonly clash: Clash } {
  const modelId = stableId('model', manifest.name);
  const id = stableId('registration', modelId, label);
  const before = tx
    .select({ registration: registrations, registeredRoot: versions.root })
    .from(registrations)
    .innerJoin(versions, eq(versions.id, registrations.versionId))
    .where(and(eq(registrations.modelId, modelId), eq(registrations.label, label)))
    .get();
  if (before && before.registeredRoot !== manifest.root) {
    recordConflict(tx, { registrationId: id, root: manifest.root, source, now });
    settleFindingsOfModel(tx, { modelId, policies, now });
    return { clash: before };
  }
  if (!before) {
    const { versionId, artifactId } = storeVersion(tx, manifest, { seenAs: 'registered', label }, now);
    tx.insert(registrations).values({ id, modelId, label, versionId, source, registeredAt: now }).run();
    settle(tx, { policies, artifactIds: [artifactId], cause: `registration ${id}`, now });
  }
  return readRegistered(tx, id, before ? 'known' : 'registered');
}

function recordConflict(
  tx: Writer,
  { registrationId, root, source, now }: { registrationId: string; root: string; source: string; now: number },
): void {
  tx.insert(registrationConflicts)
    .values({ registrationId, root, source, firstAt: now, lastAt: now })
    .onConflictDoUpdate({
      target: [registrationConflicts.registrationId, registrationConflicts.root, registrationConflicts.source],
      set: { lastAt: now, count: sql`${registrationConflicts.count} + 1` },
    })
    .run();
}

function readRegistered(tx: Writer, id: string, outcome: RegisteredVersion['outcome']): RegisteredVersion {
  const row = tx
    .select({
      model: { id: models.id, name: models.name, slug: models.slug },
      versionId: versions.id,
      label: registrations.label,
      root: versions.root,
      fileCount: versions.fileCount,
      registeredAt: registrations.registeredAt,
      source: registrations.source,
    })
    .from(registrations)
    .innerJoin(versions, eq(versions.id, registrations.versionId))
    .innerJoin(models, eq(models.id, registrations.modelId))
    .where(eq(registrations.id, id))
    .get();
  if (!row) throw new Error(`There is no registration ${id}.`);
  return { outcome, ...row };
}

/** What people must tell apart by reading it, and files name in one line. */
function refuseBadText(text: string, max: number, at: 'model' | 'label'): void {
  const isBad = text.trim() !== text || text === '' || text.length > max || !text.isWellFormed();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  if (isBad || /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(text)) {
    const message = `The ${at} is empty, has more than ${max} characters, white space at an end or control characters.`;
    throw new RegistrationError('bad-name', `${message} Give it as people should read it.`, at);
  }
}
