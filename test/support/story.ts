import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoryEntry, StoryFacts, StoryModel } from '#test/story/facts.ts';

/** Where the recorded story lies; see README.md there. */
export const STORY_DIRECTORY = join(import.meta.dirname, '../fixtures/story');

/** The facts that the story comes to. */
export function readStory(directory: string = STORY_DIRECTORY): StoryFacts {
  return JSON.parse(readFileSync(join(directory, 'story.json'), 'utf8')) as StoryFacts;
}

/** One entry of the story by its short name. */
export function storyEntry(facts: StoryFacts, id: string): StoryEntry {
  const entry = facts.entries.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`The story tells of no entry ${id}`);
  return entry;
}

/** One version of the story, signed or not. */
export function storyVersion(facts: StoryFacts, model: string, version: string): StoryModel {
  const found = facts.models.find((candidate) => candidate.model === model && candidate.version === version);
  if (found === undefined) throw new Error(`The story tells of no ${model} ${version}`);
  return found;
}

/** How many bundle files lie in the watched directory once all were published, the broken ones included. */
export function bundleFileCount({ entries, unlogged, broken }: StoryFacts): number {
  return entries.filter(({ bundle }) => bundle !== null).length + unlogged.length + broken.length;
}
