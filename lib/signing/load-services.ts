import { readFile } from 'node:fs/promises';
import { initTUF } from '@sigstore/tuf';
import { serviceUrl } from './service-url.ts';
import { type LogService, readSigningConfig, type SigningServices } from './signing-config.ts';
import { SigningError } from './signing-error.ts';

const TARGET = 'signing_config.v0.2.json';
const TUF_TIMEOUT = 10_000;

/** Where the signing configuration comes from: a file, or a TUF repository, that of the public-good Sigstore where not said. */
export type SigningConfigSource =
  | { readonly file: string }
  | {
      readonly tuf: {
        readonly mirror?: string;
        /** Folder for the TUF metadata; that of the library where not said. */
        readonly cacheDirectory?: string;
        /** The mirror's first root.json; needed for any mirror but the public-good one. */
        readonly rootPath?: string;
      };
    };

/** Services that are named one by one; each takes the place of what the configuration says. */
export interface NamedServices {
  readonly fulcio: string | null;
  readonly log: LogService | null;
  /** Null where the configuration decides. */
  readonly timestampAuthorities: readonly string[] | null;
}

/**
 * The services to sign with. The configuration is read only where something is left for it to say.
 *
 * @param now milliseconds since the epoch.
 * @throws {SigningError} where it cannot be had, or a service that is needed is missing.
 */
export async function loadServices(
  source: SigningConfigSource | null,
  named: NamedServices,
  now: number,
): Promise<SigningServices> {
  const isWhole = source === null && named.fulcio !== null && named.log !== null;
  const configured = isWhole ? null : readSigningConfig(await loadConfig(source ?? { tuf: {} }), now);
  const fulcio = named.fulcio ? serviceUrl(named.fulcio, '--fulcio-url') : configured?.fulcio;
  const logs = named.log ? [{ ...named.log, url: serviceUrl(named.log.url, '--rekor-url') }] : (configured?.logs ?? []);
  const timestampAuthorities =
    named.timestampAuthorities?.map((url) => serviceUrl(url, '--tsa-url')) ?? configured?.timestampAuthorities ?? [];
  if (!fulcio) throw missing('certificate authority', '--fulcio-url');
  if (logs.length === 0) throw missing('transparency log', '--rekor-url');
  if (logs.every(({ api }) => api === 2) && timestampAuthorities.length === 0) {
    throw new SigningError(
      'A Rekor v2 log states no time, and no timestamp authority is named. Add one with --tsa-url.',
    );
  }
  return { fulcio, logs, timestampAuthorities, issuer: configured?.issuer ?? null };
}

function missing(what: string, flag: string): SigningError {
  return new SigningError(`The signing configuration has no ${what} that is valid now. Name one with ${flag}.`);
}

async function loadConfig(source: SigningConfigSource): Promise<Uint8Array> {
  if ('file' in source) {
    try {
      return await readFile(source.file);
    } catch (error) {
      throw new SigningError(`The signing configuration ${source.file} cannot be read: ${(error as Error).message}.`);
    }
  }
  const { mirror, cacheDirectory, rootPath } = source.tuf;
  try {
    const tuf = await initTUF({
      timeout: TUF_TIMEOUT,
      retry: { retries: 1 },
      ...(mirror !== undefined && { mirrorURL: mirror }),
      ...(cacheDirectory !== undefined && { cachePath: cacheDirectory }),
      ...(rootPath !== undefined && { rootPath }),
    });
    return Buffer.from(await tuf.getTarget(TARGET));
  } catch (error) {
    throw new SigningError(
      `The signing configuration cannot be had from ${mirror ?? 'the public-good Sigstore'}: ${(error as Error).message}. ` +
        'Name a file with --signing-config.',
    );
  }
}
