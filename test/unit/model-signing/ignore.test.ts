import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IgnoreRules, plainPath } from '#lib/model-signing/ignore.ts';

const part = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'b', '.g', '*', ' ', 'é') });
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('ignore rules', () => {
  it('leave out the paths of Git at the top, and only there', () => {
    const rules = new IgnoreRules();
    expect(rules.find('.git/objects/00')).toEqual({ by: 'default', path: '.git' });
    for (const out of ['.gitignore', '.gitattributes', '.github/workflows/ci.yml']) {
      expect(rules.find(out)).toMatchObject({ by: 'default' });
    }
    for (const kept of ['sub/.git/x', '.gitmodules', '.gitignored', 'a.git', '.hidden']) {
      expect(rules.find(kept)).toBeNull();
    }
    expect(new IgnoreRules({ defaults: false }).find('.git/x')).toBeNull();
  });

  it('tell who left a path out', () => {
    const rules = new IgnoreRules({ signer: ['cache', 'logs'], operator: ['logs'], signatureFile: 'sub/model.sig' });
    expect(rules.find('cache/x')).toEqual({ by: 'signer', path: 'cache' });
    expect(rules.find('logs')).toEqual({ by: 'operator', path: 'logs' });
    expect(rules.find('sub/model.sig')).toEqual({ by: 'signature-file', path: 'sub/model.sig' });
    expect(rules.find('model.sig')).toBeNull();
  });

  it('know no patterns, and no way out of the model', () => {
    const rules = new IgnoreRules({ signer: ['*.bin', '/abs/a', '../a', 'x/../a', 'a/*'] });
    for (const kept of ['w.bin', 'a', 'abs/a', 'a/b']) expect(rules.find(kept)).toBeNull();
    expect(rules.find('*.bin/x')).toEqual({ by: 'signer', path: '*.bin' });
  });

  it('take every spelling of a path that Python takes for the same', () => {
    for (const spelt of ['a/b', './a/b', 'a//b', 'a/./b/', 'a/b/.']) {
      expect(new IgnoreRules({ operator: [spelt] }).find('a/b/c')).toEqual({ by: 'operator', path: 'a/b' });
    }
    for (const whole of ['.', '', './']) {
      expect(new IgnoreRules({ operator: [whole] }).find('anything')).toEqual({ by: 'operator', path: '.' });
    }
  });

  it('leave out exactly the path and what lies below it', () => {
    fc.assert(
      fc.property(path, fc.array(path, { maxLength: 5 }), (file, ignored) => {
        const rules = new IgnoreRules({ defaults: false, signer: ignored });
        const below = ignored.some((rule) => {
          const plain = plainPath(rule);
          return plain !== null && (plain === '.' || file === plain || file.startsWith(`${plain}/`));
        });
        expect(rules.find(file) !== null).toBe(below);
      }),
    );
  });

  it('are found in time with deep paths and long lists', () => {
    const deep = 'a/'.repeat(2000);
    const rules = new IgnoreRules({
      signer: Array.from({ length: 10_000 }, (_, i) => `${deep.slice(0, 2 * (i % 1000))}x${i}`),
    });
    const started = performance.now();
    for (let i = 0; i < 100; i++) rules.find(`${deep}${i}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
