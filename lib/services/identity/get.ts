import {
  and,
  asc,
  count,
  countDistinct,
  desc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  max,
  min,
  ne,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import { z } from 'zod';
import type { Db, OpenDatabase } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { models, versions } from '#db/schema/model.ts';
import { signerOf } from '#lib/provenance/signer.ts';
import type { Authenticity, Claim } from '#lib/provenance/state.ts';
import { signingTime } from '#lib/services/model/signing.ts';

/** SANs are as long as a certificate lets them be; addresses of pages are not. */
const inputSchema = z.object({ san: z.string().min(1).max(8192), issuer: z.string().max(8192).nullable() });

export const IDENTITY_LIMIT = 100;

export interface IdentityDetail {
  readonly san: string;
  readonly issuer: string | null;
  readonly sanType: string | null;
  /** Over all its entries, proven or not. Milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly counts: readonly { readonly authenticity: Authenticity; readonly claim: Claim; readonly count: number }[];
  /** Watch rules that name it; `own` where one says that it is one of our own. */
  readonly rules: readonly { readonly rule: string; readonly own: boolean }[];
  /** Models whose files it signed, the last signed first. */
  readonly models: readonly IdentityModel[];
  readonly moreModels: number;
  /** Statements it signed, newest first. */
  readonly statements: readonly IdentityStatement[];
  /** Proven signings that nobody has shown, newest first. */
  readonly unclaimed: readonly { readonly id: string; readonly at: number; readonly claim: Claim }[];
  /** The same signer with other branches or tags of its workflow, or the same name at other issuers. */
  readonly related: readonly { readonly san: string; readonly issuer: string | null; readonly count: number }[];
}

export interface IdentityModel {
  readonly name: string;
  readonly slug: string;
  readonly versions: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface IdentityStatement {
  readonly bundleId: string;
  readonly eventId: string | null;
  readonly at: number;
  readonly kind: string | null;
  readonly predicateType: string | null;
  readonly subject: string | null;
}

/** All that one identity signed; null where no entry and no bundle names it. */
export async function getIdentity(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<IdentityDetail | null> {
  const { san, issuer } = inputSchema.parse(input);
  const isItsEvent = and(eq(events.san, san), issuer === null ? isNull(events.issuer) : eq(events.issuer, issuer));
  const span = db
    .select({ firstAt: min(events.occurredAt), lastAt: max(events.occurredAt), sanType: max(events.sanType) })
    .from(events)
    .where(isItsEvent)
    .get();
  if (span?.firstAt == null || span.lastAt === null) return null;
  const isItsBundle = and(
    eq(bundles.san, san),
    issuer === null ? isNull(bundles.issuer) : eq(bundles.issuer, issuer),
    eq(bundles.state, 'verified'),
  );
  const signed = readModels(db, isItsBundle);
  return {
    san,
    issuer,
    sanType: span.sanType,
    firstAt: span.firstAt,
    lastAt: span.lastAt,
    counts: db
      .select({ authenticity: events.authenticity, claim: events.claim, count: count() })
      .from(events)
      .where(isItsEvent)
      .groupBy(events.authenticity, events.claim)
      .all(),
    rules: readRules(db, isItsEvent),
    models: signed.slice(0, IDENTITY_LIMIT),
    moreModels: Math.max(0, signed.length - IDENTITY_LIMIT),
    statements: readStatements(db, isItsBundle),
    unclaimed: db
      .select({ id: events.id, at: events.occurredAt, claim: events.claim })
      .from(events)
      .where(and(isItsEvent, eq(events.authenticity, 'verified'), inArray(events.claim, ['unclaimed', 'probable'])))
      .orderBy(desc(events.occurredAt), desc(events.id))
      .limit(IDENTITY_LIMIT)
      .all(),
    related: readRelated(db, san, issuer),
  };
}

function readRules(db: Db, isItsEvent: SQL | undefined) {
  return db
    .select({ rule: eventMatches.rule, own: sql<number>`max(${eventMatches.own})` })
    .from(eventMatches)
    .innerJoin(events, eq(events.id, eventMatches.eventId))
    .where(isItsEvent)
    .groupBy(eventMatches.rule)
    .orderBy(asc(eventMatches.rule))
    .all()
    .map(({ rule, own }) => ({ rule, own: own === 1 }));
}

function readModels(db: Db, isItsBundle: SQL | undefined): IdentityModel[] {
  const lastAt = sql<number>`max(${signingTime})`;
  return db
    .select({
      name: models.name,
      slug: models.slug,
      versions: countDistinct(versions.id),
      firstAt: sql<number>`min(${signingTime})`,
      lastAt,
    })
    .from(bundles)
    .innerJoin(versions, eq(versions.id, bundles.versionId))
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(and(isNotNull(bundles.versionId), isItsBundle))
    .groupBy(models.id)
    .orderBy(sql`${lastAt} DESC`, asc(models.name))
    .all();
}

function readStatements(db: Db, isItsBundle: SQL | undefined): IdentityStatement[] {
  return db
    .select({
      bundleId: bundles.id,
      eventId: bundles.eventId,
      at: signingTime,
      kind: attestations.kind,
      predicateType: bundles.predicateType,
      subject: bundleSubjects.name,
    })
    .from(bundles)
    .leftJoin(attestations, eq(attestations.bundleId, bundles.id))
    .leftJoin(bundleSubjects, and(eq(bundleSubjects.bundleId, bundles.id), eq(bundleSubjects.position, 0)))
    .where(and(isNull(bundles.versionId), isItsBundle))
    .groupBy(bundles.id)
    .orderBy(desc(signingTime), desc(bundles.id))
    .limit(IDENTITY_LIMIT)
    .all();
}

/** `@` is followed by `A` in every encoding: all refs of a workflow stand between the two. */
function readRelated(db: Db, san: string, issuer: string | null): IdentityDetail['related'] {
  const base = signerOf(san) ?? san;
  const isSibling = base === san ? undefined : and(gte(events.san, `${base}@`), lt(events.san, `${base}A`));
  const isOther = issuer === null ? isNotNull(events.issuer) : or(ne(events.issuer, issuer), isNull(events.issuer));
  return db
    .select({ san: sql<string>`${events.san}`, issuer: events.issuer, count: count() })
    .from(events)
    .where(or(and(eq(events.san, san), isOther), isSibling && and(isSibling, ne(events.san, san))))
    .groupBy(events.san, events.issuer)
    .orderBy(desc(count()), asc(events.san))
    .limit(IDENTITY_LIMIT)
    .all();
}
