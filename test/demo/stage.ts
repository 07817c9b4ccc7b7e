import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import type { Wave } from '#test/story/facts.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import type { StoryLogServer } from '#test/support/story-log.ts';

export interface DemoOptions {
  readonly poll?: string;
  /** Whether the folder of model repositories is a source too, as the story has it. */
  readonly hub?: boolean;
}

/** Writes the story's configuration into `folder`, reading the logs from `story`. Returns its path. */
export function writeDemoConfig(
  folder: string,
  story: StoryLogServer,
  port: number,
  options: DemoOptions = {},
): string {
  const { poll, hub = true } = options;
  const document = parseDocument(readFileSync(join(STORY_DIRECTORY, 'modeltrail.yaml'), 'utf8'));
  document.setIn(['server', 'port'], port);
  // A demonstration on one's own machine asks nobody who they are.
  document.setIn(['access', 'without-sign-in'], 'loopback');
  if (poll !== undefined) document.setIn(['logs', 'poll'], poll);
  document.setIn(
    ['logs', 'list'],
    story.origins.map((origin) => ({ origin, url: story.url(origin) })),
  );
  if (!hub) removeHub(document);
  for (const path of ['trusted_root.json', 'trust', 'hub']) {
    cpSync(join(STORY_DIRECTORY, path), join(folder, path), { recursive: true });
  }
  mkdirSync(join(folder, 'bundles'));
  const path = join(folder, 'modeltrail.yaml');
  writeFileSync(path, document.toString());
  return path;
}

function removeHub(document: Document): void {
  const sources = document.get('sources');
  if (!isSeq(sources)) throw new Error('the story has no sources');
  const at = sources.items.findIndex((source) => isMap(source) && source.has('folder'));
  if (at < 0) throw new Error('the story has no folder of repositories');
  sources.delete(at);
}

/**
 * Puts into the watched directory what had been published by now: a bundle appears once the log holds its entry; the
 * broken ones, and those whose signature is in no log, lie there from the start.
 * @param until the wave up to which bundles arrive; the late signature comes with the second
 */
export function publishBundles(folder: string, story: StoryLogServer, until: Wave = 2): void {
  for (const { path } of story.facts.broken) publish(folder, path);
  for (const { bundle } of story.facts.unlogged) publish(folder, bundle);
  for (const { bundle, log, logIndex, wave } of story.facts.entries) {
    if (bundle !== null && wave <= until && logIndex < story.log(log).size) publish(folder, bundle);
  }
}

function publish(folder: string, path: string): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  try {
    copyFileSync(join(STORY_DIRECTORY, path), target, 1);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
