import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../vendor/cache.ts';
import { digestOfSources, keyOf } from '../vendor/digest.ts';
import { buildInside, KIT, toolchainKey } from './build-root.ts';

/**
 * Compiles a program of the guest: static, for i386. `source` is a folder or a file of C; its files are compiled
 * together. Gives the program's place.
 */
export async function compileProgram(name: string, source: string): Promise<string> {
  const key = keyOf(await digestOfSources([source, join(KIT, 'program.sh')]), await toolchainKey());
  const folder = await cached(`linux-${name}`, key, (draft) =>
    buildInside(
      'program.sh',
      async (work) => {
        await mkdir(join(work, 'source'));
        await cp(source, source.endsWith('.c') ? join(work, 'source', `${name}.c`) : join(work, 'source'), {
          recursive: true,
        });
      },
      async (work) => {
        await cp(join(work, 'out'), draft, { recursive: true });
      },
    ),
  );
  const [program = ''] = await readdir(folder);
  return join(folder, program);
}
