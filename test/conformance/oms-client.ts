import { parseArgs } from 'node:util';
import { type SignMethod, type SignModelArguments, signModelFiles } from './sign-model-files.ts';
import { type VerifyMethod, type VerifyModelArguments, verifyModel } from './verify-model.ts';

/**
 * The protocol of model-signing-conformance: `sign-model` and `verify-model`. Exit 0: signed or verified. 1: refused, the
 * reason on standard error. 2: wrong arguments.
 */
const USAGE = `usage:
  oms-client sign-model --method key|certificate|sigstore --model-path P --output-bundle F [--ignore-paths PATH]...
      (--private-key PEM [--signing-cert PEM] [--cert-chain PEM]... | --identity-token TOKEN [--use-staging])
  oms-client verify-model --method key|certificate|sigstore --model-path P --bundle F [--ignore-paths PATH]...
      (--public-key PEM | --cert-chain PEM... | --identity ID --identity-provider URL [--use-staging])
      [--ignore-unsigned-files]
`;

const OPTIONS = {
  method: { type: 'string' },
  'model-path': { type: 'string' },
  bundle: { type: 'string' },
  'output-bundle': { type: 'string' },
  'private-key': { type: 'string' },
  'public-key': { type: 'string' },
  'signing-cert': { type: 'string' },
  'cert-chain': { type: 'string', multiple: true, default: [] as string[] },
  'ignore-paths': { type: 'string', multiple: true, default: [] as string[] },
  'ignore-unsigned-files': { type: 'boolean', default: false },
  identity: { type: 'string' },
  'identity-provider': { type: 'string' },
  'identity-token': { type: 'string' },
  'use-staging': { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parse>['values'];
type Task = { verb: 'verify'; args: VerifyModelArguments } | { verb: 'sign'; args: SignModelArguments };

const parse = (argv: readonly string[]) => parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });

function readTask(argv: readonly string[]): Task | null {
  const { values, positionals } = parse(argv);
  const [verb, ...others] = positionals;
  const modelPath = values['model-path'];
  if (modelPath === undefined || others.length > 0) return null;
  const ignorePaths = values['ignore-paths'];
  const { bundle, 'output-bundle': outputBundle, 'use-staging': staging } = values;
  if (verb === 'sign-model') {
    const signer = signMethod(values);
    if (!signer || outputBundle === undefined) return null;
    return { verb: 'sign', args: { signer, modelPath, outputBundle, ignorePaths } };
  }
  const signer = verifyMethod(values);
  if (verb !== 'verify-model' || bundle === undefined || !signer) return null;
  const ignoreUnsigned = values['ignore-unsigned-files'];
  return { verb: 'verify', args: { signer, modelPath, bundle, ignorePaths, ignoreUnsigned, staging } };
}

function signMethod(values: Values): SignMethod | null {
  const { method, 'private-key': privateKey, 'signing-cert': certificate, 'identity-token': token } = values;
  if (method === 'key' && privateKey !== undefined) return { method, privateKey };
  if (method === 'certificate' && privateKey !== undefined && certificate !== undefined) {
    return { method, privateKey, certificate, chain: values['cert-chain'] };
  }
  if (method === 'sigstore' && token !== undefined) return { method, token, staging: values['use-staging'] };
  return null;
}

function verifyMethod(values: Values): VerifyMethod | null {
  const { method, identity, 'public-key': publicKey, 'cert-chain': chain, 'identity-provider': issuer } = values;
  if (method === 'key' && publicKey !== undefined) return { method, publicKey };
  if (method === 'certificate' && chain.length > 0) return { method, chain };
  if (method === 'sigstore' && identity !== undefined && issuer !== undefined) return { method, identity, issuer };
  return null;
}

async function main(): Promise<number> {
  let task: Task | null = null;
  try {
    task = readTask(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
  }
  if (!task) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    if (task.verb === 'sign') await signModelFiles(task.args);
    else await verifyModel(task.args);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main();
