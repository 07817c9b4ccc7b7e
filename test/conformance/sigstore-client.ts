import { parseArgs } from 'node:util';
import { type SignArguments, signFile } from './sign-file.ts';
import { type VerifyArguments, verifyFile } from './verify-file.ts';

/**
 * The protocol of sigstore-conformance: `verify-bundle` and `sign-bundle`. Exit 0: verified or signed. 1: refused, the
 * reason on standard error. 2: wrong arguments.
 */
const USAGE = `usage:
  sigstore-client verify-bundle [--staging] --bundle FILE
      (--certificate-identity ID --certificate-oidc-issuer URL | --key PEM) [--trusted-root FILE] FILE_OR_DIGEST
  sigstore-client sign-bundle [--staging] [--in-toto] --identity-token TOKEN --bundle FILE
      [--trusted-root FILE] [--signing-config FILE] FILE
`;

const OPTIONS = {
  staging: { type: 'boolean', default: false },
  'in-toto': { type: 'boolean', default: false },
  bundle: { type: 'string' },
  key: { type: 'string' },
  'certificate-identity': { type: 'string' },
  'certificate-oidc-issuer': { type: 'string' },
  'identity-token': { type: 'string' },
  'trusted-root': { type: 'string' },
  'signing-config': { type: 'string' },
} as const;

type Task = { verb: 'verify'; args: VerifyArguments } | { verb: 'sign'; args: SignArguments };

function readTask(argv: readonly string[]): Task | null {
  const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  const [verb, target, ...others] = positionals;
  const { bundle, key, staging } = values;
  if (bundle === undefined || target === undefined || others.length > 0) return null;
  const trustedRoot = values['trusted-root'] ?? null;
  const identity = values['certificate-identity'];
  const issuer = values['certificate-oidc-issuer'];
  const token = values['identity-token'];
  if (verb === 'sign-bundle' && token !== undefined) {
    const signingConfig = values['signing-config'] ?? null;
    const args = { bundle, token, staging, trustedRoot, signingConfig, isStatement: values['in-toto'], file: target };
    return { verb: 'sign', args };
  }
  if (verb !== 'verify-bundle') return null;
  if (key !== undefined && identity === undefined && issuer === undefined) {
    return { verb: 'verify', args: { bundle, staging, trustedRoot, target, signer: { key } } };
  }
  if (key !== undefined || identity === undefined || issuer === undefined) return null;
  return { verb: 'verify', args: { bundle, staging, trustedRoot, target, signer: { identity, issuer } } };
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
    if (task.verb === 'sign') await signFile(task.args);
    else await verifyFile(task.args);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

process.exitCode = await main();
