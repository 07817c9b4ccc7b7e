import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readModelFiles } from '#lib/model-files/manifest.ts';
import { modelStatement } from '#lib/model-signing/payload.ts';
import { rootOf } from '#lib/model-signing/roots.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { type CliCommand, EXIT, UsageError } from '../command.ts';
import { hashingProgress } from '../hashing-progress.ts';
import { MODEL_OPTIONS, readModelOptions } from '../model-options.ts';
import { print, printFacts, printJson } from '../output.ts';
import { refuseUnsignable } from '../signable.ts';
import { readSigningMethod, SIGNING_OPTIONS } from '../signing-options.ts';
import {
  openServer,
  refuseOverwriting,
  SIGNATURE_OPTIONS,
  signatureFacts,
  signatureReport,
  writeSignature,
} from '../write-signature.ts';

export const sign: CliCommand = {
  options: [
    { flags: '--signature <file>', description: 'Where to write the signature; model.sig in the folder if not said' },
    { flags: '--name <name>', description: "The model's name in the signature; the folder's if not said" },
    ...SIGNATURE_OPTIONS,
    ...SIGNING_OPTIONS,
    ...MODEL_OPTIONS,
  ],
  examples: [
    'modeltrail sign ./model --identity-token-file token.jwt',
    'modeltrail sign ./model --key release.pem --signature model.sig',
    'modeltrail sign ./model --key release.pem --certificate release.crt --certificate-chain ca.crt',
    'modeltrail sign ./model --server https://modeltrail.models.example --token-file token',
  ],
  exitCodes: {
    0: 'signed, verified and written; with --server: taken by it as well',
    1: 'written, but the server refused it',
    2: 'no answer: wrong arguments, a file that cannot be read, or a service that failed; nothing is written unless it is said',
  },
  async run(input) {
    const [path, ...more] = input.positionals();
    if (path === undefined || more.length > 0) throw new UsageError('Name one model to sign: modeltrail sign ./model');
    const signature = input.text('signature') ?? (await usualSignature(path));
    await refuseOverwriting(input, signature);
    const options = readModelOptions(input, path, [signature]);
    refuseUnsignable(options);
    const prepare = await readSigningMethod(input);
    const server = await openServer(input);
    try {
      const progress = hashingProgress(`Hashing ${path}`);
      const model = await readModelFiles(path, { ...options, ...progress }).finally(() => progress.end());
      const { hashType, shardSize, allowSymlinks } = options;
      const statement = modelStatement({
        name: input.text('name') ?? model.name,
        hashType,
        shardSize,
        allowSymlinks,
        resources: model.resources,
        ignorePaths: model.isSingleFile ? [] : options.ignorePaths,
      });
      const written = await writeSignature(input, prepare, { statement, path: signature, server });
      const root = rootOf(model.resources);
      if (input.flag('json')) {
        printJson({ model: path, signature, root, files: model.files.size, ...signatureReport(written) });
      } else {
        print(`${path}: signed, ${formatPlural(model.files.size, 'file')}`);
        printFacts([['Signature', signature], ['OMS root', `sha256:${root}`], ...signatureFacts(written)]);
      }
      return written.ingested?.outcome === 'refused' ? EXIT.bad : EXIT.good;
    } finally {
      await server?.close();
    }
  },
};

async function usualSignature(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
  return isFolder ? join(path, 'model.sig') : `${path}.sig`;
}
