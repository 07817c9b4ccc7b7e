/** Sees that the rules of modeltrail.yaml meet the story's entries and none of the noise, apart from lib/watch and in its own way. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const settingsSchema = z.object({
  watch: z.array(
    z.object({
      name: z.string(),
      identity: z.union([
        z.object({ exact: z.string() }),
        z.object({ glob: z.string() }),
        z.object({ pattern: z.string() }),
      ]),
      issuer: z.object({ exact: z.string() }),
      extensions: z.object({ 'source-repository-uri': z.string() }).optional(),
    }),
  ),
});

type Rule = z.infer<typeof settingsSchema>['watch'][number];

export function readRules(settingsPath: string): readonly Rule[] {
  return settingsSchema.parse(parse(readFileSync(settingsPath, 'utf8'))).watch;
}

/** Name of the first rule that the certificate of a hashedrekord or dsse entry of version 0.0.2 meets; null for none. */
export function ruleOf(entry: Buffer, rules: readonly Rule[]): string | null {
  const encoded = /"x509Certificate":\{"rawBytes":"([^"]+)"/.exec(entry.toString())?.[1];
  if (encoded === undefined) return null;
  const certificate = new X509Certificate(Buffer.from(encoded, 'base64'));
  return rules.find((rule) => meets(certificate, rule))?.name ?? null;
}

function meets(certificate: X509Certificate, { identity, issuer, extensions }: Rule): boolean {
  const san = (certificate.subjectAltName ?? '').replace(/^(URI|email):/, '');
  const repository = extensions?.['source-repository-uri'];
  return (
    expression(identity).test(san) &&
    holds(certificate, issuer.exact) &&
    (repository === undefined || holds(certificate, repository))
  );
}

function expression(identity: Rule['identity']): RegExp {
  if ('pattern' in identity) return new RegExp(`^(?:${identity.pattern})$`);
  const text = 'exact' in identity ? identity.exact : identity.glob;
  const quoted = text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`^${'exact' in identity ? quoted : quoted.replaceAll('*', '[^/]*')}$`);
}

/** Whether some extension is exactly this short UTF8String. */
function holds(certificate: X509Certificate, text: string): boolean {
  return certificate.raw.includes(Buffer.concat([Buffer.from([0x0c, text.length]), Buffer.from(text)]));
}
