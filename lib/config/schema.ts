import { z } from 'zod';
import { accessSchema } from './access-schema.ts';
import { alertsSchema } from './alerts-schema.ts';
import { buildersSchema } from './builders-schema.ts';
import { expectedSchema } from './expected-schema.ts';
import { healthSchema, refuseCanaryWithoutServices } from './health-schema.ts';
import { logsSchema } from './logs-schema.ts';
import { modelsSchema, refuseUnknownTrust } from './models-schema.ts';
import { refuse, refuseUnlessOne, uniqueBy } from './refusal.ts';
import { sourcesSchema } from './sources-schema.ts';
import { refusePlainHttp, serverUrl } from './url-schema.ts';
import { watchSchema } from './watch-schema.ts';

/** The TUF repository of Sigstore's public-good instance. */
const PUBLIC_GOOD_MIRROR = 'https://tuf-repo-cdn.sigstore.dev';

const path = z.string().min(1).max(4096);

/** It is sent with every request: ASCII, and nothing that could end a comment in a User-Agent. */
const contact = z
  .string()
  .max(200)
  .meta({ examples: ['security@models.example'] })
  .superRefine((text, context) => {
    const isAddress = /^[^\s@()]+@[^\s@()]+\.[^\s@()]+$/.test(text);
    const isUrl = /^https?:\/\/[^\s()]+$/.test(text) && URL.canParse(text);
    if (/^[!-~]+$/.test(text) && (isAddress || isUrl)) return;
    refuse(
      context,
      'is neither an e-mail address nor a web address',
      'Write one that is read, such as security@models.example',
    );
  });

const organisation = z.strictObject({
  name: z.string().min(1).max(100).describe('Whose dashboard this is, as shown on its pages.'),
  contact: contact.describe('E-mail or web address sent with every request, so that a log can write before it blocks.'),
});

const server = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(255)
    .describe('Address to listen on. Others than loopback need a proxy with TLS in front.')
    .prefault('127.0.0.1'),
  port: z.int().min(0).max(65_535).describe('Port to listen on; 0 takes any that is free.').prefault(3000),
});

const tuf = z
  .strictObject({
    mirror: serverUrl
      .describe('Where TUF metadata and the trusted root are fetched from.')
      .prefault(PUBLIC_GOOD_MIRROR),
    root: path
      .describe('A root.json obtained by safe means, for a repository whose root this software does not carry.')
      .exactOptional(),
    'allow-http': z.boolean().describe('Permits plain http to another machine.').prefault(false),
  })
  .superRefine((source, context) => refusePlainHttp(context, source.mirror, source['allow-http'], 'mirror'))
  .transform(({ 'allow-http': _, ...source }) => source);

/** A list of PEM files, each under the name that pages show for it. */
const namedFiles = (what: string) => {
  const named = z.strictObject({
    name: z.string().min(1).max(100).describe('What pages and checks call it.'),
    file: path.describe(what),
  });
  return uniqueBy(z.array(named).max(100), 'name');
};

const trust = z
  .strictObject({
    tuf: tuf.describe('Keys of logs and authorities by way of TUF, which replaces them safely.').exactOptional(),
    file: path.describe('A trusted_root.json by path, which nobody replaces but you.').exactOptional(),
    keys: namedFiles('Its public key in PEM, obtained by safe means.')
      .describe('Bare keys whose signatures are believed, even without a transparency log.')
      .prefault([]),
    authorities: namedFiles('Its root certificate in PEM, obtained by safe means.')
      .describe('Certificate authorities of your own, whose signers are believed even without a transparency log.')
      .prefault([]),
  })
  .meta({ oneOf: [{ required: ['tuf'] }, { required: ['file'] }] })
  .superRefine(({ keys: _, authorities: __, ...source }, context) => refuseUnlessOne(context, source, ['tuf', 'file']))
  .transform(({ tuf, file, keys, authorities }) =>
    tuf === undefined ? { file: file ?? '', keys, authorities } : { tuf, keys, authorities },
  );

/**
 * `modeltrail.yaml`. Every key says why it is there; the descriptions become the JSON Schema that editors show.
 * Unknown keys are refused: a misspelt rule that watches nothing would look like peace.
 */
export const configSchema = z
  .strictObject({
    organisation: organisation.describe('Who runs this, and how to reach them.'),
    server: server.describe('Where the pages and the API are served.').prefault({}),
    database: path
      .describe('The SQLite file with everything that was seen. Relative paths start at this file.')
      .prefault('./data/modeltrail.db'),
    access: accessSchema
      .describe(
        'Who may read and change what: sign-in, identity providers, sessions. Nothing is open unless said here.',
      )
      .prefault({}),
    trust: trust
      .describe('Whose keys are believed: of logs, certificate and timestamp authorities.')
      .prefault({ tuf: {} }),
    logs: logsSchema.describe('Which transparency logs are followed, and how.').prefault({}),
    watch: watchSchema
      .describe('What to look for in the logs. Each rule has a name and one criterion or more.')
      .prefault([]),
    models: modelsSchema
      .describe(
        'Who is expected to sign which models. Without it any verified signature counts, and is shown with its signer.',
      )
      .prefault([]),
    builders: buildersSchema
      .describe('Whom to believe on how models are built: what levels of provenance rest on.')
      .prefault({}),
    sources: sourcesSchema
      .describe('Where bundles and declarations are found, which say what was signed, and what it was made of.')
      .prefault([]),
    expected: expectedSchema
      .describe('Signings that are declared before they happen, so that only the others are an alarm.')
      .prefault({}),
    alerts: alertsSchema.describe('Whom Modeltrail tells of what, and how.').prefault({}),
    health: healthSchema.describe('How others learn that all this works, and that it does not.').prefault({}),
  })
  .superRefine(({ models, trust, health }, context) => {
    refuseUnknownTrust(context, models, trust);
    refuseCanaryWithoutServices(context, health, trust);
  });

/** The configuration in force. Paths are as written until `loadConfig` has made them absolute. */
export type Config = z.infer<typeof configSchema>;
