import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Artifact, readArtifact, verifyWithArtifact } from '#lib/cli/artifact.ts';
import { readBundle } from '#lib/sigstore/bundle.ts';
import { NO_OPERATOR_TRUST } from '#lib/sigstore/operator-trust.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { readStory, STORY_DIRECTORY } from '#test/support/story.ts';

const story = (path: string) => join(STORY_DIRECTORY, path);
const root = parseTrustedRoot(readFileSync(story('trusted_root.json')));
const entry = readStory().entries.find(({ artifact, bundle }) => artifact !== null && bundle !== null);
const file = story(entry?.artifact ?? '');
const parsed = readBundle(readFileSync(story(entry?.bundle ?? '')));
const now = Date.now();
const verify = (artifact: Artifact) => verifyWithArtifact(parsed, root, NO_OPERATOR_TRUST, { now, artifact });

describe('an artifact too large to be held in memory', () => {
  it('is hashed instead, in all three ways that a statement may name it', async () => {
    const artifact = await readArtifact(file, 16);
    const bytes = readFileSync(file);
    expect(artifact).toEqual({
      digests: ['sha256', 'sha384', 'sha512'].map((algorithm) => ({
        algorithm,
        digest: createHash(algorithm).update(bytes).digest('hex'),
      })),
    });
  });

  it('verifies as the whole file does', async () => {
    const [whole, hashed] = [await readArtifact(file), await readArtifact(file, 16)];
    expect(verify(whole).outcome).toBe('verified');
    expect(verify(hashed).outcome).toBe('verified');
  });

  it('is refused where it is another file', async () => {
    const other = await readArtifact(story('story.json'), 16);
    expect(verify(other)).toMatchObject({
      outcome: 'refused',
      code: 'artifact-mismatch',
    });
  });

  it('must be a file', async () => {
    await expect(readArtifact(STORY_DIRECTORY)).rejects.toThrow('not a file');
  });
});
