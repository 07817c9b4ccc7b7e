import { and, eq } from 'drizzle-orm';
import { logs } from '#db/schema/log.ts';
import type { Config } from '#lib/config/schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';

/**
 * Addresses of the Rekor v1 servers of the trust root whose entries are not all read: of these only the search index can be
 * asked.
 */
export function indexServers(ctx: ServiceContext, settings: Config['logs'], root: TrustedRoot): string[] {
  const { db } = ctx.database;
  const servers = root.logs
    .filter(({ api }) => api === 'rekor-v1')
    .flatMap((log) => {
      const row = db
        .select({ reading: logs.reading, readUrl: logs.readUrl })
        .from(logs)
        .where(and(eq(logs.logId, log.logId), eq(logs.api, 'rekor-v1'), eq(logs.state, 'following')))
        .get();
      if (row?.reading === 'entries') return [];
      const listed = settings.list.find(({ origin }) => origin === log.origin);
      return [(row?.readUrl ?? listed?.url ?? log.baseUrl).replace(/\/+$/, '')];
    });
  return [...new Set(servers)];
}
