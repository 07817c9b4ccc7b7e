import { and, asc, eq } from 'drizzle-orm';
import type { Db, Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { retractions } from '#db/schema/incident.ts';
import { models, versions } from '#db/schema/model.ts';
import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { LinkState } from '#lib/provenance/link-state.ts';
import type { ModelState } from '#lib/provenance/model-state.ts';
import { type PublicState, publicState } from '#lib/provenance/public-state.ts';
import { type Notice, noticesOf } from '#lib/services/incident/notices-of.ts';
import { loggedState, signingTime } from '#lib/services/model/signing.ts';
import { countingSignings } from './counting.ts';

/** How a version stands, as outsiders are told. */
export interface Standing {
  readonly versionId: string;
  readonly root: string;
  readonly label: string | null;
  readonly state: PublicState;
  /** Since when: of what forbids its use, of the newest signature, else when it was first seen. Milliseconds. */
  readonly since: number;
  /** Whether `since` is a proved time of signing. */
  readonly isTimeProved: boolean;
  readonly weakest: LinkState | null;
  readonly notices: readonly Notice[];
  /** By its own signer; null where it was not withdrawn. */
  readonly retraction: { readonly reason: string; readonly replacement: string | null; readonly at: number } | null;
}

/** Signatures over one version that are looked at: whoever makes more is not to be told of. */
const SIGNINGS = 1000;

/** Null where there is no such version. */
export function readStanding(db: Db | Writer, versionId: string, policies: SignerPolicies): Standing | null {
  const rows = db
    .select({
      name: models.name,
      root: versions.root,
      label: versions.label,
      artifactId: versions.artifactId,
      firstSeenAt: versions.firstSeenAt,
      signature: artifacts.signature,
      weakest: artifacts.weakest,
      bundleId: bundles.id,
      san: bundles.san,
      issuer: bundles.issuer,
      method: bundles.method,
      signedAt: bundles.signedAt,
      at: signingTime,
      logged: loggedState(bundles.logIndex),
    })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .leftJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .leftJoin(bundles, and(eq(bundles.versionId, versions.id), eq(bundles.state, 'verified')))
    .leftJoin(events, eq(events.id, bundles.eventId))
    .where(eq(versions.id, versionId))
    .orderBy(asc(signingTime), asc(bundles.id))
    .limit(SIGNINGS)
    .all();
  const [first] = rows;
  if (!first) return null;
  const signings = rows.flatMap((row) => (row.method === null ? [] : [{ ...row, method: row.method }]));
  const row = countingSignings(signings, first.name, policies)[0] ?? first;
  const { root, label, artifactId, weakest } = row;
  const notices = artifactId === null ? [] : noticesOf(db, [artifactId]);
  const retraction = artifactId === null ? null : readRetraction(db, artifactId);
  const refusing = notices.filter(({ refuses }) => refuses);
  const state = publicState(signatureOf(row), refusing.length > 0, retraction !== null);
  const signed = row.bundleId === null ? null : row.at;
  return {
    versionId,
    root,
    label,
    state,
    since:
      state === 'refused'
        ? Math.min(...refusing.map(({ publicAt, since }) => publicAt ?? since))
        : state === 'retracted' && retraction
          ? retraction.at
          : (signed ?? row.firstSeenAt),
    isTimeProved: row.signedAt !== null,
    weakest,
    notices,
    retraction,
  };
}

function signatureOf(row: {
  readonly bundleId: string | null;
  readonly signature: string | null;
  readonly logged: 'proved' | 'waiting' | 'not-logged';
}): ModelState {
  if (row.bundleId === null) return 'unsigned';
  return row.signature === 'unexpected' ? 'unexpected' : row.logged;
}

/** The first that counts; what strangers say of it does not. */
function readRetraction(db: Db | Writer, artifactId: number): Standing['retraction'] {
  const row = db
    .select({ reason: retractions.reason, replacement: retractions.replacement, at: retractions.firstSeenAt })
    .from(retractions)
    .where(and(eq(retractions.artifactId, artifactId), eq(retractions.counts, true)))
    .orderBy(retractions.firstSeenAt)
    .limit(1)
    .get();
  return row ?? null;
}
