import { desc, eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { registrations } from '#db/schema/registration.ts';

/** That the files of a version were registered by its maker, and when. */
export interface VersionRegistration {
  readonly label: string;
  /** The name of the token by which it came. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly registeredAt: number;
}

/** The latest registration of each version of a model that has one, by the version's id. */
export function registrationsOfModel(db: Pick<Writer, 'select'>, modelId: string): Map<string, VersionRegistration> {
  const rows = db
    .select()
    .from(registrations)
    .where(eq(registrations.modelId, modelId))
    .orderBy(registrations.registeredAt)
    .all();
  return new Map(
    rows.map(({ versionId, label, source, registeredAt }) => [versionId, { label, source, registeredAt }]),
  );
}

/** The latest registration of one version; null where nobody registered it. */
export function registrationOf(db: Pick<Writer, 'select'>, versionId: string): VersionRegistration | null {
  const { label, source, registeredAt } = registrations;
  return (
    db
      .select({ label, source, registeredAt })
      .from(registrations)
      .where(eq(registrations.versionId, versionId))
      .orderBy(desc(registeredAt))
      .limit(1)
      .get() ?? null
  );
}
