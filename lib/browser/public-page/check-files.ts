import { holdAgainst } from '#lib/hash-list/hold-against.ts';
import { formatBytes, formatPlural } from '#lib/provenance/format.ts';
import { collectChosen, collectDropped, type DroppedItem } from '../collect-files.ts';
import { fileList } from '../file-list.ts';
import { createHashWorker, hashFiles, workerCount } from '../hash-pool.ts';
import { leaveOut } from '../leave-out.ts';
import { drawAnswer } from './draw-answer.ts';
import { readPublicManifest } from './public-manifest.ts';
import { filesVerdict } from './verdict.ts';

const SAY_EVERY = 250;

let running: AbortController | null = null;

/** Hashes files here, holds them against the list of the page, and draws what came of it. Nothing is sent. */
export async function checkFiles(
  section: HTMLElement,
  given: { readonly chosen: readonly File[] } | { readonly dropped: readonly DroppedItem[] },
): Promise<void> {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const status = section.querySelector('#check-status');
  const result = section.querySelector('#check-result');
  if (!status || !result) return;
  const say = (text: string) => {
    if (!signal.aborted) status.textContent = text;
  };
  result.replaceChildren();
  say('Looking for the files…');
  try {
    const picked = 'chosen' in given ? collectChosen(given.chosen) : await collectDropped(given.dropped);
    const { files } = leaveOut(picked.files, [], true);
    const manifest = await fetchManifest(section.dataset.manifest ?? '', signal);
    if (files.length === 0) return say('There is no file in it. Choose the folder that holds the model’s files.');
    const total = files.reduce((bytes, { file }) => bytes + file.size, 0);
    let hashed = 0;
    const { hashType, shardSize } = manifest;
    say(`Hashing ${formatPlural(files.length, 'file')}, ${formatBytes(total)}.`);
    const timer = setInterval(() => say(`Hashed ${formatBytes(hashed)} of ${formatBytes(total)}.`), SAY_EVERY);
    const outcomes = await hashFiles(files, {
      hashType,
      shardSize,
      workers: workerCount(),
      createWorker: createHashWorker,
      signal,
      onProgress: (_, bytes) => {
        hashed += bytes;
      },
      onFile: () => undefined,
    }).finally(() => clearInterval(timer));
    const unread = outcomes.flatMap((outcome, i) =>
      'reason' in outcome ? [{ path: files[i]?.path ?? '', size: null, digests: [] }] : [],
    );
    const list = fileList({ name: picked.name, hashType, shardSize, files, outcomes, leftOut: [] });
    const held = holdAgainst({ ...list, files: [...list.files, ...unread] }, manifest, { isSignature });
    if (signal.aborted) return;
    say('');
    drawAnswer(result, held.files, filesVerdict(held, section.dataset.forbidden === 'yes'), picked.problems);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

/** Signatures lie beside the files that they are over. */
function isSignature(path: string): boolean {
  return path === 'model.sig' || path.endsWith('.sigstore.json');
}

async function fetchManifest(address: string, signal: AbortSignal) {
  const response = await fetch(address, { signal, credentials: 'omit' });
  if (!response.ok)
    throw new Error('The list of this page cannot be had. Reload the page: it may have been taken back.');
  return readPublicManifest(await response.json());
}
