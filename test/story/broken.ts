/** Files in the watched directory that must be refused, each for its own reason. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BrokenBundle } from './facts.ts';

const dsseBundleSchema = z.looseObject({ dsseEnvelope: z.looseObject({ payload: z.string() }) });
const omsSchema = z.looseObject({
  predicate: z.looseObject({ resources: z.array(z.looseObject({ digest: z.string() })).min(1) }),
});

/**
 * @param foreign path of a bundle that verifies against another trust root
 * @param genuine path below `directory` of a bundle of the story, to tamper with
 */
export function writeBroken(directory: string, foreign: string, genuine: string): BrokenBundle[] {
  const write = (name: string, why: BrokenBundle['why'], content: string): BrokenBundle => {
    const path = `bundles/broken/${name}`;
    writeFileSync(join(directory, path), content);
    return { path, why };
  };
  mkdirSync(join(directory, 'bundles/broken'), { recursive: true });
  return [
    write('cut-short.sigstore.json', 'not JSON', readFileSync(join(directory, genuine), 'utf8').slice(0, 1500)),
    write('config.sigstore.json', 'not a bundle', '{\n  "model_type": "northwind",\n  "hidden_size": 16\n}\n'),
    write('foreign.sigstore.json', 'another trust root', readFileSync(foreign, 'utf8')),
    write('tampered.sigstore.json', 'tampered payload', tamper(readFileSync(join(directory, genuine), 'utf8'))),
  ];
}

/** Changes the digest of the first file in a signed OMS statement and leaves everything else as it was. */
function tamper(text: string): string {
  const bundle = dsseBundleSchema.parse(JSON.parse(text));
  const statement = omsSchema.parse(JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString()));
  const [first] = statement.predicate.resources;
  if (first !== undefined) first.digest = first.digest.replace(/^../, (start) => (start === '00' ? '11' : '00'));
  bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  return JSON.stringify(bundle);
}
