import { and, desc, eq, isNotNull } from 'drizzle-orm';
import { issuedCertificates } from '#db/schema/certificate.ts';
import { type IndexQuestion, searchIndex } from '#lib/rekor-v1/search-index.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';

/** Mailboxes tried as control questions. */
const CONTROLS = 3;

/**
 * Whether servers can be asked for any name in a certificate. Rekor before v1.5.4 does not know the question, and answers it
 * with an empty list all the same: so that an empty list counts only where a control question, for a mailbox that the server
 * has entries of, is answered with some.
 */
export class SubjectSupport {
  readonly #ctx: ServiceContext;
  readonly #client: RemoteClient;
  readonly #known = new Map<string, boolean>();

  constructor(ctx: ServiceContext, client: RemoteClient) {
    this.#ctx = ctx;
    this.#client = client;
  }

  /** An answer with entries shows that the server knew the question. */
  hasAnswered(server: string): void {
    this.#known.set(server, true);
  }

  /**
   * @param spend tells of a request before it is made; false where there must be none any more.
   * @returns undefined where it could not be found out within the budget.
   * @throws {FetchError | AnswerError}
   */
  async isKnownBy(server: string, spend: () => boolean, signal?: AbortSignal): Promise<boolean | undefined> {
    const known = this.#known.get(server);
    if (known !== undefined) return known;
    const ask = (question: IndexQuestion) => searchIndex(this.#client, server, question, signal);
    for (const email of this.#mailboxes()) {
      if (!spend()) return undefined;
      if ((await ask({ email })).length === 0) continue;
      if (!spend()) return undefined;
      const isKnown = (await ask({ subject: email })).length > 0;
      this.#known.set(server, isKnown);
      return isKnown;
    }
    this.#known.set(server, false);
    return false;
  }

  /** Those of certificates that were used are the likeliest to be in the index. */
  #mailboxes(): string[] {
    return this.#ctx.database.db
      .selectDistinct({ san: issuedCertificates.san })
      .from(issuedCertificates)
      .where(
        and(
          eq(issuedCertificates.sanType, 'email'),
          isNotNull(issuedCertificates.san),
          isNotNull(issuedCertificates.eventId),
        ),
      )
      .orderBy(desc(issuedCertificates.issuedAt))
      .limit(CONTROLS)
      .all()
      .flatMap(({ san }) => san ?? []);
  }
}
