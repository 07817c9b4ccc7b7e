import type { StoryChapter } from '#test/story/facts.ts';
import type { StoryLogServer } from '#test/support/story-log.ts';

/** Says which chapters of the story a growing log has come to: each once, when its first entry is logged. */
export class Narrator {
  readonly #story: StoryLogServer;
  readonly #told = new Set<StoryChapter>();

  constructor(story: StoryLogServer) {
    this.#story = story;
  }

  /** Chapters that have begun since the last call, in their order. */
  begun(): StoryChapter[] {
    const chapters = this.#story.facts.chapters.filter(
      (chapter) => !this.#told.has(chapter) && this.#isLogged(chapter),
    );
    for (const chapter of chapters) this.#told.add(chapter);
    return chapters;
  }

  #isLogged({ tells }: StoryChapter): boolean {
    return this.#story.facts.entries.some(
      ({ id, log, logIndex }) => tells.includes(id) && logIndex < this.#story.log(log).size,
    );
  }
}
