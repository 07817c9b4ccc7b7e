import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { STORY_DIRECTORY } from '#test/support/story.ts';
import type { StoryLogServer } from '#test/support/story-log.ts';

/** Writes the story's configuration into `folder`, reading the logs from `story`. Returns its path. */
export function writeDemoConfig(folder: string, story: StoryLogServer, port: number, poll?: string): string {
  const document = parseDocument(readFileSync(join(STORY_DIRECTORY, 'modeltrail.yaml'), 'utf8'));
  document.setIn(['server', 'port'], port);
  if (poll !== undefined) document.setIn(['logs', 'poll'], poll);
  document.setIn(
    ['logs', 'list'],
    story.origins.map((origin) => ({ origin, url: story.url(origin) })),
  );
  copyFileSync(join(STORY_DIRECTORY, 'trusted_root.json'), join(folder, 'trusted_root.json'));
  mkdirSync(join(folder, 'bundles'));
  const path = join(folder, 'modeltrail.yaml');
  writeFileSync(path, document.toString());
  return path;
}

/**
 * Puts into the watched directory what had been published by now: a bundle appears once the log holds its entry; the
 * broken ones lie there from the start.
 */
export function publishBundles(folder: string, story: StoryLogServer): void {
  for (const { path } of story.facts.broken) publish(folder, path);
  for (const { bundle, log, logIndex } of story.facts.entries) {
    if (bundle !== null && logIndex < story.log(log).size) publish(folder, bundle);
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
