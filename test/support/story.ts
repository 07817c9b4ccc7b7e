import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoryEntry, StoryFacts } from '#test/story/facts.ts';

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
