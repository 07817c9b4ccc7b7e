import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright';
import { buildWeb } from '#jobs/build-web.ts';
import { endProcess } from './product.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The Chromium of this machine: what CHROMIUM names, else the first found on the path; null where there is none. */
export function findChromium(): string | null {
  const folders = ['/usr/bin', ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [process.env.CHROMIUM ?? '', ...found].find((path) => path !== '' && existsSync(path)) ?? null;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

export interface RunningWeb {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** The configuration file that it reads. */
  readonly configPath: string;
  stop(): Promise<void>;
}

/** Open to this machine: what most tests are about comes after the sign-in. */
const WITHOUT_SIGN_IN = 'access:\n  without-sign-in: loopback\n';

/**
 * Builds the web app if its sources changed, and serves it from a database on a free port of loopback.
 *
 * @param configuration YAML: what the web process reads of the configuration; open to this machine if not said.
 */
export async function startWeb(databasePath: string, configuration = WITHOUT_SIGN_IN): Promise<RunningWeb> {
  await buildWeb();
  const configPath = `${databasePath}.yaml`;
  writeFileSync(configPath, `organisation: { name: Test, contact: security@models.example }\n${configuration}`);
  const next = join(ROOT, 'node_modules/next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'start', ROOT, '--port', '0', '--hostname', '127.0.0.1'], {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      MODELTRAIL_DATABASE: databasePath,
      MODELTRAIL_CONFIG: configPath,
      MODELTRAIL_HOST: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await addressOf(child);
  return { url, configPath, stop: async () => void (await endProcess(child, 'SIGTERM')) };
}

/** The address is told first, and that it answers only later. */
async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the web process has no output to read its address from');
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line);
    if (!line.includes('Ready')) continue;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told.join('\n'))?.[0];
    if (url) {
      // Nobody reads what it says from here on; a full pipe would stop it.
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`the web process ended before it was ready:\n${told.join('\n')}`);
}
