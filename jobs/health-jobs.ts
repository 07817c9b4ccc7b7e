import { hash } from 'node:crypto';
import type { Config } from '#lib/config/schema.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import { runCanary } from '#lib/services/canary/run.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { ExpectedFileError, parseExpectedFile, readExpectedFile } from '#lib/services/expected/read-file.ts';
import { syncExpectedFile } from '#lib/services/expected/sync-file.ts';
import { PING_JOB } from '#lib/services/health/get.ts';
import { PingError, ping } from '#lib/services/health/ping.ts';
import { RetryLater } from '#lib/services/job/retry-later.ts';
import type { SigningConfigSource } from '#lib/signing/load-services.ts';
import { SigningError } from '#lib/signing/signing-error.ts';
import type { TrustSource } from '#lib/sigstore/trust-source.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { Matcher } from '#lib/watch/match.ts';
import type { Job } from './scheduler.ts';

const CANARY_ROUND = 10_000;
const FILE_ROUND = 30_000;

export interface HealthTools {
  readonly ctx: ServiceContext;
  readonly client: RemoteClient;
  readonly root: TrustedRoot;
  readonly matcher: Matcher;
  readonly trust: TrustSource;
}

/** The jobs that a configuration asks for besides those of logs and sources. */
export function healthJobs(tools: HealthTools, { health, expected }: Config): Job[] {
  return [
    ...(health.ping ? [pingJob(tools, health.ping)] : []),
    ...(health.canary ? [canaryJob(tools, health.canary)] : []),
    ...(expected.file === undefined ? [] : [expectedJob(tools, expected.file)]),
  ];
}

function pingJob({ ctx, client }: HealthTools, config: NonNullable<Config['health']['ping']>): Job {
  return {
    name: PING_JOB,
    every: config.every,
    async run(signal) {
      try {
        await ping(ctx, config, client, signal);
      } catch (error) {
        if (error instanceof PingError) throw new RetryLater(error.message, config.every);
        throw error;
      }
      return undefined;
    },
  };
}

function canaryJob(tools: HealthTools, config: NonNullable<Config['health']['canary']>): Job {
  const { ctx } = tools;
  const services = servicesOf(tools.trust, config.signingConfig);
  return {
    name: 'canary',
    every: CANARY_ROUND,
    async run() {
      try {
        const told = await runCanary(ctx, config, { ...tools, services, token: config.token });
        if (told !== null) ctx.log.info(told);
      } catch (error) {
        if (error instanceof SigningError) throw new RetryLater(error.message, CANARY_ROUND);
        throw error;
      }
      return undefined;
    },
  };
}

/** Those that the trust root goes with, unless a file names others. */
function servicesOf(trust: TrustSource, file: string | undefined): SigningConfigSource {
  if (file !== undefined) return { file };
  return 'file' in trust ? { tuf: {} } : { tuf: trust.tuf };
}

function expectedJob({ ctx }: HealthTools, path: string): Job {
  let taken: string | null = null;
  return {
    name: 'read expected signings',
    every: FILE_ROUND,
    async run() {
      try {
        const bytes = await readExpectedFile(path);
        const sha256 = hash('sha256', bytes);
        if (sha256 === taken) return undefined;
        const counts = syncExpectedFile(ctx, { path, declarations: parseExpectedFile(bytes, path) });
        ctx.log.info({ path, ...counts }, 'expected signings read');
        taken = sha256;
      } catch (error) {
        if (error instanceof ExpectedFileError) throw new RetryLater(error.message, FILE_ROUND);
        throw error;
      }
      return undefined;
    },
  };
}
