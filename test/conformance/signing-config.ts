/** The services to sign with, as a Sigstore signing configuration (v0.2) chooses them. */
export interface SigningServices {
  readonly fulcio: string;
  readonly logs: readonly { readonly url: string; readonly api: 1 | 2 }[];
  readonly timestampAuthorities: readonly string[];
}

interface Service {
  readonly url: string;
  readonly majorApiVersion: number;
  readonly operator?: string;
  readonly validFor?: { readonly start?: string; readonly end?: string | null };
}

interface Selection {
  readonly selector?: string;
  readonly count?: number;
}

/**
 * Reads a signing configuration and picks, of the services that are valid now and of an API known here, the newest API
 * of each operator, as many as the selector asks for.
 *
 * @throws {Error} where it has no service for a task.
 */
export function readSigningConfig(text: string, now: number): SigningServices {
  const config = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (config.mediaType !== 'application/vnd.dev.sigstore.signingconfig.v0.2+json') {
    throw new Error(`The signing configuration is of the unknown format ${String(config.mediaType)}.`);
  }
  const pick = (list: string, selection: string, versions: readonly number[]) =>
    select((config[list] ?? []) as Service[], (config[selection] ?? {}) as Selection, versions, now);
  const [fulcio] = pick('caUrls', '', [1]);
  const logs = pick('rekorTlogUrls', 'rekorTlogConfig', [2, 1]);
  const timestampAuthorities = pick('tsaUrls', 'tsaConfig', [1]);
  if (!fulcio) throw new Error('The signing configuration has no certificate authority that is valid now.');
  if (logs.length === 0) throw new Error('The signing configuration has no transparency log that is valid now.');
  return {
    fulcio: fulcio.url,
    logs: logs.map(({ url, majorApiVersion }) => ({ url, api: majorApiVersion === 2 ? 2 : 1 })),
    timestampAuthorities: timestampAuthorities.map(({ url }) => url),
  };
}

function select(
  services: readonly Service[],
  { selector, count = 1 }: Selection,
  versions: readonly number[],
  now: number,
): readonly Service[] {
  const usable = services.filter((service) => versions.includes(service.majorApiVersion) && isValid(service, now));
  usable.sort((a, b) => b.majorApiVersion - a.majorApiVersion);
  const operators = new Set<string>();
  const chosen = usable.filter(({ operator, url }) => {
    const name = operator ?? url;
    return !operators.has(name) && operators.add(name);
  });
  if (selector === 'ALL') return chosen;
  if (selector !== 'EXACT') return chosen.slice(0, 1);
  if (chosen.length < count)
    throw new Error(`The signing configuration asks for ${count} services and has ${chosen.length}.`);
  return chosen.slice(0, count);
}

function isValid({ validFor }: Service, now: number): boolean {
  const start = validFor?.start ? Date.parse(validFor.start) : Number.NEGATIVE_INFINITY;
  const end = validFor?.end ? Date.parse(validFor.end) : Number.POSITIVE_INFINITY;
  return start <= now && now <= end;
}
