import { hash } from 'node:crypto';
import { configPath } from '#lib/config/config-path.ts';
import type { Config } from '#lib/config/schema.ts';
import { trustSourceOf } from '#lib/services/config/trust-source.ts';
import type { OperatorTrustFiles } from '#lib/sigstore/operator-trust.ts';
import { type LoadedTrust, loadTrust } from '#lib/sigstore/trust-source.ts';
import { parseTrustedRoot, type TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { publicGoodSeed } from '#lib/sigstore/tuf-seed.ts';
import { UsageError } from './command.ts';
import type { CommandInput } from './input.ts';
import { readFileUpTo } from './read-file.ts';

/** A trust root with what to say of where it comes from. */
export interface ChosenTrust {
  readonly root: TrustedRoot;
  /** Of the trusted_root.json, lowercase hex. */
  readonly sha256: string;
  readonly source: string;
  /** Why it may not be the newest; null where nothing is to be said. */
  readonly remark: string | null;
  /** The keys and authorities that the configuration names; none without one. Not read yet. */
  readonly operatorFiles: OperatorTrustFiles;
}

const NO_FILES: OperatorTrustFiles = { keys: [], authorities: [] };

const MAX_TRUSTED_ROOT = 4 * 1024 * 1024;

/**
 * The trust root that `--trusted-root` or `--config` names, else the public-good one that is shipped. Makes no request,
 * and takes none from the working directory: whoever can write there must not choose whom to believe.
 *
 * @throws {UsageError | TrustError | ConfigError}
 */
export async function chooseTrust(input: CommandInput): Promise<ChosenTrust> {
  const file = input.text('trusted-root');
  const config = input.text('config');
  if (file !== undefined && config !== undefined) {
    throw new UsageError('Both --trusted-root and --config name a trust root. Leave one out.');
  }
  if (file !== undefined) {
    const bytes = await readFileUpTo(file, MAX_TRUSTED_ROOT, 'trust root');
    const root = parseTrustedRoot(bytes);
    return { root, sha256: hash('sha256', bytes), source: file, remark: null, operatorFiles: NO_FILES };
  }
  if (config !== undefined) {
    // Loading the configuration's schema takes longer than most verifications.
    const { loadConfig } = await import('#lib/config/load.ts');
    const loaded = loadConfig(configPath(config)).config;
    const { root, sha256, source, problem } = await loadTrustOffline(loaded);
    return { root, sha256, source: `${source} of ${config}`, remark: problem, operatorFiles: loaded.trust };
  }
  const seed = publicGoodSeed();
  const remark = 'It may be out of date: --trusted-root or --config names another.';
  return {
    root: parseTrustedRoot(seed),
    sha256: hash('sha256', seed),
    source: 'the public-good Sigstore, as shipped',
    remark,
    operatorFiles: NO_FILES,
  };
}

/**
 * The trust root of a configuration without the network: the file, else what TUF left beside the database, else the seed.
 *
 * @throws {TrustError} where there is none, or it is not usable.
 */
export function loadTrustOffline(config: Config): Promise<LoadedTrust> {
  const fetchTarget = () => Promise.reject(new Error('this command makes no request'));
  return loadTrust(trustSourceOf(config), { now: Date.now(), fetchTarget });
}
