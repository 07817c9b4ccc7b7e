import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { obtainToken } from '#lib/signing/token-source.ts';
import { temporaryFolder } from '#test/support/product.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const node = (script: string, ...args: string[]) => ({ command: [process.execPath, '-e', script, ...args] });

describe('an identity token', () => {
  it('is had from a file, a variable, or a program, which gets its arguments as they are', async () => {
    const file = join(folder.path, 'token');
    writeFileSync(file, 'jwt');
    expect(await obtainToken({ file }, {})).toMatchObject({ jwt: 'jwt' });
    expect(await obtainToken({ env: 'TOKEN' }, { TOKEN: 'jwt' })).toMatchObject({ jwt: 'jwt' });
    const printed = await obtainToken(node('console.log(process.argv[1])', '$(id); echo "x"'), {});
    expect(printed.jwt).toBe('$(id); echo "x"\n');
  });

  it('that cannot be had is told of without anything that might be secret', async () => {
    const message = async (source: Parameters<typeof obtainToken>[0]) =>
      obtainToken(source, {}).then(
        () => '',
        (error: Error) => error.message,
      );
    expect(await message({ file: join(folder.path, 'none') })).toMatch(/none cannot be read/);
    expect(await message({ env: 'TOKEN' })).toMatch(/TOKEN holds no identity token/);
    expect(await message({ command: ['/no/such/program'] })).toMatch(/failed \(ENOENT\)/);
    const failed = await message(node("console.error('s3cret'); process.exit(3)", 'hidden'));
    expect(failed).toMatch(/failed \(3\)/);
    expect(failed).not.toMatch(/s3cret|hidden/);
    expect(await message(node("process.stdout.write('a'.repeat(70000))"))).toMatch(/failed|too much/);
    writeFileSync(join(folder.path, 'large'), 'a'.repeat(70_000));
    expect(await message({ file: join(folder.path, 'large') })).toMatch(/70000 bytes/);
  });
});
