import { CT_LEAVES } from '#lib/ct/leaf-format.ts';
import { mirrorFolder } from '#lib/mirror/layout.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { certificateSink } from '#lib/services/certificate/certificate-sink.ts';
import { findEventCertificates } from '#lib/services/certificate/find-event-certificates.ts';
import { indexServers } from '#lib/services/certificate/index-servers.ts';
import type { CertificateLogAccess } from '#lib/services/certificate/log-access.ts';
import { lookUpCertificates } from '#lib/services/certificate/look-up.ts';
import { settleIssuedCertificates } from '#lib/services/certificate/settle-issued.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { startOf } from '#lib/services/log/start-of.ts';
import { backfillJob, type ReadLog } from './backfill-job.ts';
import type { Job } from './scheduler.ts';
import type { TailTools } from './shard-jobs.ts';

/** Certificates are joined with entries so often; what is younger than this has time. */
const SETTLE_EVERY = 60_000;

/** The jobs of one certificate log: its tail, and what is searched of its past. */
export function certificateLogJobs({ ctx, config, matcher }: TailTools, access: CertificateLogAccess): Job[] {
  const { origin, start: given, history } = access.log;
  const log: ReadLog = {
    reader: access.reader,
    picker: { format: CT_LEAVES, rules: config.watch, matcher },
    sink: certificateSink(ctx, { matcher }),
    origin,
    history,
    parallel: config.logs.parallel,
  };
  const tail: Job = {
    name: `tail ${origin}`,
    every: config.logs.poll,
    async run(signal) {
      const start = startOf(ctx, origin, { given, usual: config.logs.start });
      const result = await followLog(ctx, findLog(ctx.database.db, origin).id, { ...log, start, signal });
      return result.retryAfter;
    },
  };
  return [tail, backfillJob(ctx, config.logs, mirrorFolder(config.database), log)];
}

/** The job that asks the index of Rekor v1 servers for the names in issued certificates. */
export function lookUpJob({ ctx, config, root, matcher }: TailTools, client: RemoteClient): Job {
  return {
    name: 'look up certificates',
    every: SETTLE_EVERY,
    async run(signal) {
      const servers = indexServers(ctx, config.logs, root);
      if (servers.length === 0) return undefined;
      const result = await lookUpCertificates(ctx, {
        servers,
        root,
        matcher,
        client,
        after: config.logs.unusedAfter,
        signal,
      });
      if (result.entries > 0) ctx.log.info(result, 'entries of issued certificates looked at');
      return undefined;
    },
  };
}

/** The job that says of each certificate and of each entry whether the other half is there. */
export function settleCertificatesJob({ ctx, config, root }: TailTools, logs: readonly CertificateLogAccess[]): Job {
  const after = config.logs.unusedAfter;
  return {
    name: 'settle certificates',
    every: SETTLE_EVERY,
    async run(signal) {
      const found = await findEventCertificates(ctx, { root, logs, after, signal });
      const servers = indexServers(ctx, config.logs, root);
      const settled = settleIssuedCertificates(ctx, { after, indexServers: servers });
      if (found + settled > 0) ctx.log.info({ found, settled }, 'certificates settled');
      return undefined;
    },
  };
}
