import { z } from 'zod';
import { DURATION, parseDuration } from './duration.ts';
import { refuse, refuseKey, refuseUnlessOne, uniqueBy } from './refusal.ts';
import { refusePlainHttp, serverUrl } from './url-schema.ts';

const MAX_SOURCES = 100;
const MIN_EVERY = 60_000;
const MAX_EVERY = 24 * 3_600_000;

/** A directory of bundles, watched. */
export interface DirectorySource {
  readonly name: string;
  /** Absolute once loaded. */
  readonly directory: string;
}

/** A model repository on disk, or with `each` a folder of them. */
export interface FolderSource {
  readonly name: string;
  /** Absolute once loaded. */
  readonly folder: string;
  readonly each: boolean;
  /** The Hub's name of the repository: `org/name`. */
  readonly repository?: string;
  /** The commit that the files are of, where the folder itself does not say. */
  readonly revision?: string;
  /** Milliseconds. */
  readonly every: number;
}

/** What is asked on the network. */
interface AskedSource {
  /** Whether no other address is asked than those of the public network: the source was set in a browser. */
  readonly publicOnly?: boolean;
}

/** An OCI image layout on disk, or a repository of a registry. */
export interface OciSource extends AskedSource {
  readonly name: string;
  readonly oci: { readonly layout: string } | { readonly registry: string; readonly repository: string };
  readonly username?: string;
  readonly passwordFile?: string;
  readonly every: number;
}

/** The attestations that GitHub keeps for one repository. */
export interface GithubSource extends AskedSource {
  readonly name: string;
  /** `owner/name`. */
  readonly github: string;
  /** Base address of the API, without a slash at its end. */
  readonly api: string;
  readonly tokenFile?: string;
  readonly every: number;
}

/** The search index of a Rekor v1 log. */
export interface RekorIndexSource extends AskedSource {
  readonly name: string;
  /** Base address, without a slash at its end. */
  readonly rekorIndex: string;
  readonly every: number;
}

/** One way in, told apart by the key that names the place. */
export type SourceConfig = DirectorySource | FolderSource | OciSource | GithubSource | RekorIndexSource;

/** The source, asked on the public network alone. */
export function markPublicOnly(source: SourceConfig): SourceConfig {
  return 'directory' in source || 'folder' in source ? source : { ...source, publicOnly: true };
}

const PLACES = ['directory', 'folder', 'oci', 'github', 'rekor-index'] as const;
type Place = (typeof PLACES)[number];

/** Which place each of the other keys belongs to. */
const BELONGS: Readonly<Record<string, readonly Place[]>> = {
  each: ['folder'],
  repository: ['folder'],
  revision: ['folder'],
  username: ['oci'],
  'password-file': ['oci'],
  'allow-http': ['oci', 'github', 'rekor-index'],
  api: ['github'],
  'token-file': ['github'],
  every: ['folder', 'oci', 'github', 'rekor-index'],
};

const path = z.string().min(1).max(4096);
const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9._-]{1,96}$/;
/** Host, port and repository as the OCI distribution specification (1.1) spells them. */
const OCI_ADDRESS =
  /^oci:\/\/((?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?)\/([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)$/;

const every = z
  .string()
  .meta({ pattern: DURATION.source, examples: ['15m'] })
  .superRefine((text, context) => {
    const duration = parseDuration(text);
    if (duration === null) refuse(context, 'is not a duration', 'Write a whole number and its unit: 5m, 15m, 6h');
    else if (duration < MIN_EVERY || duration > MAX_EVERY)
      refuse(context, 'is out of bounds', 'Write between 1m and 24h');
  })
  .transform((text) => parseDuration(text) ?? MAX_EVERY)
  .prefault('15m');

const repository = z
  .string()
  .max(200)
  .meta({ examples: ['models-example/northwind-base'] })
  .superRefine((text, context) => {
    if (!REPOSITORY.test(text)) refuse(context, 'is not owner/name', 'Write it as models-example/northwind-base');
  });

const oci = path.superRefine((text, context) => {
  if (!/^[a-z]+:\/\//i.test(text) || OCI_ADDRESS.test(text)) return;
  refuse(
    context,
    'is neither a path nor oci://host/repository',
    'Write it without tag and digest: oci://registry.example/models/base',
  );
});

const written = z.strictObject({
  name: z.string().min(1).max(100).describe('What its files are listed under. Once chosen, keep it.'),
  directory: path
    .describe('A directory of Sigstore bundles, watched with all below it. Files in it are only read.')
    .exactOptional(),
  folder: path
    .describe('A model repository as the Hugging Face clients leave it on disk: signatures, model card, weights.')
    .exactOptional(),
  each: z.boolean().describe('Takes every folder in it for a model repository of its own.').exactOptional(),
  repository: repository
    .describe("The repository's name on the Hub. Left out, the folder's name is the model's.")
    .exactOptional(),
  revision: z
    .string()
    .regex(/^[0-9a-f]{40}$/, 'is not a commit of 40 lowercase hex digits')
    .describe('The commit that the files are of, for a folder that has no refs/ to say so.')
    .exactOptional(),
  oci: oci.describe('An OCI image layout by its path, or oci://host[:port]/repository of a registry.').exactOptional(),
  username: z
    .string()
    .min(1)
    .max(256)
    .describe('Who asks the registry, where it does not answer just anybody.')
    .exactOptional(),
  'password-file': path.describe('The password of username, in a file that only the jobs can read.').exactOptional(),
  github: repository
    .describe('A repository whose artifact attestations are asked for by the digests we know.')
    .exactOptional(),
  api: serverUrl.describe("GitHub's API, or that of your own server.").exactOptional(),
  'token-file': path.describe('A token for the API. Without one, GitHub answers 60 requests an hour.').exactOptional(),
  'rekor-index': serverUrl
    .describe('A Rekor v1 log whose search index is asked for the roots we know. Its key comes from the trust root.')
    .exactOptional(),
  'allow-http': z
    .boolean()
    .describe('Permits plain http to another machine, where everything is seen by all.')
    .exactOptional(),
  every: every.describe('How often it is asked: 1m to 24h. After failures less and less often.'),
});

type Written = z.infer<typeof written>;

const source = written
  .meta({ oneOf: PLACES.map((place) => ({ required: [place] })) })
  .superRefine(refuseMixtures)
  .transform(toSource);

export const sourcesSchema = uniqueBy(z.array(source).max(MAX_SOURCES), 'name');

function refuseMixtures(entry: object, context: z.core.$RefinementCtx): void {
  const given = new Map(Object.entries(entry));
  const places = PLACES.filter((place) => given.has(place));
  refuseUnlessOne(context, Object.fromEntries(places.map((place) => [place, true])), PLACES);
  const [place] = places;
  if (places.length !== 1 || place === undefined) return;
  for (const key of given.keys()) {
    const belongs = BELONGS[key];
    // `every` has been given its default by now: whether it was written cannot be told, and does no harm.
    if (!belongs || key === 'every' || belongs.includes(place)) continue;
    refuseKey(context, key, `has no meaning beside ${place}`, `Leave it out: it belongs to ${belongs.join(', ')}`);
  }
  refuseHalves(given, context);
  refuseAddresses(given, context);
}

function refuseHalves(given: ReadonlyMap<string, unknown>, context: z.core.$RefinementCtx): void {
  if (given.has('username') !== given.has('password-file')) {
    refuse(context, 'has one of username and password-file', 'Write both, or neither');
  }
  if (given.get('each') === true && (given.has('repository') || given.has('revision'))) {
    refuse(context, 'names one repository for many folders', 'Leave out repository and revision, or each');
  }
}

function refuseAddresses(given: ReadonlyMap<string, unknown>, context: z.core.$RefinementCtx): void {
  const allowed = given.get('allow-http') === true;
  for (const key of ['api', 'rekor-index']) {
    const address = given.get(key);
    if (typeof address === 'string') refusePlainHttp(context, address, allowed, key);
  }
}

function toSource(entry: Written): SourceConfig {
  const { name, every } = entry;
  if (entry.directory !== undefined) return { name, directory: entry.directory };
  if (entry.folder !== undefined) {
    const { folder, each = false, repository, revision } = entry;
    return { name, folder, each, ...(repository && { repository }), ...(revision && { revision }), every };
  }
  if (entry.oci !== undefined) {
    const { username, 'password-file': passwordFile } = entry;
    const place = toOciPlace(entry.oci, entry['allow-http'] === true);
    return { name, oci: place, ...(username && { username }), ...(passwordFile && { passwordFile }), every };
  }
  if (entry.github !== undefined) {
    const { api = 'https://api.github.com', 'token-file': tokenFile } = entry;
    return { name, github: entry.github, api: withoutSlash(api), ...(tokenFile && { tokenFile }), every };
  }
  return { name, rekorIndex: withoutSlash(entry['rekor-index'] ?? ''), every };
}

/** A registry on this machine, or where plain http was allowed, is asked over http: none of those has a certificate. */
function toOciPlace(written: string, allowHttp: boolean): OciSource['oci'] {
  const [, host, repository] = OCI_ADDRESS.exec(written) ?? [];
  if (host === undefined || repository === undefined) return { layout: written };
  const isLocal = /^(?:localhost|[a-z0-9.-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host);
  return { registry: `${isLocal || allowHttp ? 'http' : 'https'}://${host}`, repository };
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
