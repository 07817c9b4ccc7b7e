import type { LoadedConfig } from '#lib/config/load.ts';
import type { Config } from '#lib/config/schema.ts';
import { BundlePool } from '#lib/rekor/bundle-pool.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { reconsiderRefused } from '#lib/services/bundle/reconsider.ts';
import { certificateLogsToFollow } from '#lib/services/certificate/certificate-logs.ts';
import { accessCertificateLog } from '#lib/services/certificate/log-access.ts';
import { recordConfigInForce, recordTrustInForce } from '#lib/services/config/record-state.ts';
import { rejudgeGraph } from '#lib/services/config/rejudge-graph.ts';
import { makeStandards } from '#lib/services/config/standards.ts';
import { trustSourceOf } from '#lib/services/config/trust-source.ts';
import { loadWitnessPolicy } from '#lib/services/config/witness-policy.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { backUp } from '#lib/services/database/back-up.ts';
import { isBackUpMissed } from '#lib/services/database/missed-back-up.ts';
import { syncExpectedFile } from '#lib/services/expected/sync-file.ts';
import { findBlindSpots } from '#lib/services/health/blind-spots.ts';
import { forgetOtherRuns } from '#lib/services/job/forget-runs.ts';
import { serversToFollow } from '#lib/services/log/rekor-v1-servers.ts';
import { shardsToFollow } from '#lib/services/log/shards.ts';
import { syncLogs } from '#lib/services/log/sync.ts';
import { retireTrees } from '#lib/services/log/sync-trees.ts';
import { searchByNewRules } from '#lib/services/rule/search-by-new-rules.ts';
import { takeUpRules } from '#lib/services/rule/take-up-rules.ts';
import { syncSourceStates } from '#lib/services/source/sync-states.ts';
import type { Standards } from '#lib/services/standards.ts';
import { readMonitorConfig } from '#lib/sigstore/monitor-config.ts';
import { loadOperatorTrust } from '#lib/sigstore/operator-trust.ts';
import { type LoadedTrust, loadTrust } from '#lib/sigstore/trust-source.ts';
import { VERSION } from '#lib/version.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { alertJobs } from './alert-jobs.ts';
import { certificateLogJobs, lookUpJob, settleCertificatesJob } from './ct-job.ts';
import { healthJobs } from './health-jobs.ts';
import { incidentJob } from './incident-job.ts';
import { rekorV1Jobs } from './rekor-v1-jobs.ts';
import type { Job } from './scheduler.ts';
import { shardJobs } from './shard-jobs.ts';
import { publicChangesJob } from './sharing-job.ts';
import { sourceJob } from './source-jobs.ts';
import { undecidedJob } from './undecided-job.ts';

const TRUST_EVERY = 3_600_000;
const NIGHTLY = '17 3 * * *';

/** What the jobs work with: one configuration and the trust root it names, both proved usable together. */
export interface Engine {
  readonly trust: LoadedTrust;
  readonly jobs: readonly Job[];
  /** To be called between the end of the jobs before and the start of these: from here on entries are held against these rules. */
  begin(): void;
  close(): Promise<void>;
}

export interface EngineEvents {
  /** The trust root on the network changed: a new engine is to be made with it. */
  onTrustChanged(): void;
}

/**
 * Makes the jobs of a configuration. Everything that can be wrong with it is found before anything is stored.
 *
 * @throws where the trust root, a log or a rule cannot be used; what was in force stays.
 */
export async function createEngine(ctx: ServiceContext, loaded: LoadedConfig, events: EngineEvents): Promise<Engine> {
  const { config } = loaded;
  const trustSource = trustSourceOf(config);
  const trust = await loadTrust(trustSource, { now: ctx.now() });
  const { monitorConfig, witnessPolicy } = config.logs;
  const monitor = monitorConfig === undefined ? null : await readMonitorConfig(monitorConfig);
  const standards = makeStandards(config, trust, await loadOperatorTrust(config.trust));
  const policy = await loadWitnessPolicy(witnessPolicy);
  const shards = shardsToFollow(config.logs, trust.root, monitor);
  const certificateLogs = certificateLogsToFollow(config.logs, trust.root, monitor);
  const servers = serversToFollow(config.logs, trust.root, monitor);
  const matcher = compileRules(config.watch, nodeSha256);
  syncLogs(ctx, [...shards, ...certificateLogs]);
  retireTrees(
    ctx,
    servers.map(({ instance }) => instance),
  );
  syncSourceStates(ctx, config.sources);
  rejudgeGraph(ctx, config, standards);
  recordConfigInForce(ctx, loaded.path, config);
  recordTrustInForce(ctx, trust);
  if (config.expected.file === undefined) syncExpectedFile(ctx, null);
  if (trust.problem) ctx.log.warn(trust.problem);
  for (const { what } of findBlindSpots(trust.signingConfigs, trust.root, config.logs.list, ctx.now()))
    ctx.log.warn(what);
  for (const rule of matcher.unsearchable) {
    ctx.log.warn(
      { rule },
      'the rule has no plain text of six bytes: it cannot be looked for in entries that cannot be read',
    );
  }

  const userAgent = `Modeltrail/${VERSION} (+${config.organisation.contact})`;
  const pool = new BundlePool();
  const client = new RemoteClient({ userAgent });
  const publicClient = new RemoteClient({ userAgent, publicOnly: true });
  const tail = { ctx, config, root: trust.root, policies: standards.policies, matcher, pool, policy };
  // A reader for each log: one that is slow to answer takes no other's connections.
  const http = () => new HttpReader({ userAgent, connections: config.logs.parallel });
  const followed = shards.map((shard) => ({ shard, http: http() }));
  const certificates = certificateLogs.map((log) => {
    const own = http();
    return { http: own, access: accessCertificateLog(log, own) };
  });
  const followedServers = servers.map((server) => ({ server, http: http() }));
  const accesses = certificates.map(({ access }) => access);
  const jobs = [
    ...followed.flatMap(({ shard, http }) => shardJobs(tail, shard, http)),
    ...followedServers.flatMap(({ server, http }) => rekorV1Jobs(tail, server, http)),
    ...accesses.flatMap((access) => certificateLogJobs(tail, access)),
    ...(accesses.length > 0 ? [lookUpJob(tail, client), settleCertificatesJob(tail, accesses)] : []),
    newRulesJob(ctx, config, standards),
    undecidedJob({ ctx, root: trust.root, matcher, policies: standards.policies }),
    ...config.sources.map((source) => sourceJob({ ctx, standards, matcher, client, publicClient }, source)),
    reconsiderJob(ctx, standards),
    trustJob(ctx, loaded, trust, events),
    incidentJob(ctx),
    backUpJob(ctx),
    publicChangesJob(ctx),
    ...alertJobs(ctx, config.alerts),
    ...healthJobs({ ctx, client, root: trust.root, matcher, trust: trustSource }, config),
  ];
  forgetOtherRuns(
    ctx,
    jobs.map(({ name }) => name),
  );
  return {
    trust,
    jobs,
    begin: () => {
      takeUpRules(ctx, config.watch);
    },
    close: async () => {
      const readers = [...followed, ...followedServers, ...certificates].map((way) => way.http);
      await Promise.all([
        pool.close(),
        client.close(),
        publicClient.close(),
        ...readers.map((reader) => reader.close()),
      ]);
    },
  };
}

/** With every engine come new standards, perhaps: what was refused under others is judged again. */
function reconsiderJob(ctx: ServiceContext, standards: Standards): Job {
  return {
    name: 'reconsider refused bundles',
    every: TRUST_EVERY,
    async run(signal) {
      const result = await reconsiderRefused(ctx, standards, signal);
      if (result.read > 0) ctx.log.info(result, 'refused bundles judged again');
      return undefined;
    },
  };
}

/** Rules that are new or changed are held against what is stored; the account of them says what they have not seen. */
function newRulesJob(ctx: ServiceContext, { watch }: Config, standards: Standards): Job {
  return {
    name: 'search stored entries by new rules',
    every: TRUST_EVERY,
    async run(signal) {
      const { rules, met } = await searchByNewRules(ctx, watch, standards, signal);
      if (rules.length > 0) ctx.log.info({ rules, met }, 'new rules held against stored entries');
      return undefined;
    },
  };
}

function trustJob(ctx: ServiceContext, { config }: LoadedConfig, trust: LoadedTrust, events: EngineEvents): Job {
  return {
    name: 'refresh trust root',
    every: TRUST_EVERY,
    async run() {
      const fresh = await loadTrust(trustSourceOf(config), { now: ctx.now() });
      if (fresh.problem) ctx.log.warn(fresh.problem);
      if (fresh.sha256 !== trust.sha256) events.onTrustChanged();
      else recordTrustInForce(ctx, fresh);
      return undefined;
    },
  };
}

function backUpJob(ctx: ServiceContext): Job {
  return {
    name: 'back up',
    every: NIGHTLY,
    isMissed: () => isBackUpMissed(ctx.database, ctx.now()),
    async run() {
      ctx.log.info({ path: await backUp(ctx) }, 'database backed up');
      return undefined;
    },
  };
}
