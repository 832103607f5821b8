import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { cached } from './cache.ts';
import { run, runScript } from './child.ts';
import { digestOfSources, keyOf, sha256 } from './digest.ts';
import { emptyLock } from './heap/node-pyodide.ts';
import { BASE_PROGRAM, SCIENCE_PROGRAM } from './heap/programs.ts';
import { HERE, PYODIDE, RUNNER } from './paths.ts';

const compress = promisify(gzip);

/** Sources that a heap's bytes depend on besides image and program. */
const HEAP_SOURCES = [
  join(HERE, 'heap/make-heap.ts'),
  join(HERE, 'heap/record.ts'),
  join(HERE, 'heap/determinism.ts'),
  join(HERE, 'heap/node-pyodide.ts'),
  join(RUNNER, 'heap/mount-image.ts'),
];

/** Makes both heaps from one image, side by side; cached by everything that their bytes depend on. */
export async function makeHeaps(image: { readonly folder: string; readonly digest: string }): Promise<string> {
  const sources = await digestOfSources(HEAP_SOURCES);
  const key = keyOf(image.digest, sources, process.version, BASE_PROGRAM, SCIENCE_PROGRAM);
  return cached('heaps', key, async (draft) => {
    await Promise.all([
      makeHeap('base', BASE_PROGRAM, image.folder, draft),
      makeHeap('science', SCIENCE_PROGRAM, image.folder, draft),
    ]);
    const base = JSON.parse(await readFile(join(draft, 'base.replay.json'), 'utf8')) as {
      libraries: [];
      slots: [];
      got: object;
    };
    if (base.libraries.length + base.slots.length + Object.keys(base.got).length > 0) {
      throw new Error('the base heap needs replay: something in its program loads a side module');
    }
    await rm(join(draft, 'base.replay.json'));
  });
}

async function makeHeap(name: string, program: string, image: string, draft: string): Promise<void> {
  const heap = join(draft, `${name}.heap`);
  const job = {
    pyodide: PYODIDE,
    image: join(image, 'packages.image'),
    index: join(image, 'packages.index.json'),
    program,
    heap,
    record: join(draft, `${name}.replay.json`),
    imported: join(draft, `${name}.imported.json`),
  };
  await runScript(join(HERE, 'heap/make-heap.ts'), [JSON.stringify(job)]);
}

/** Writes what stands for the side modules of the science heap until they are used; `folder` holds its image and record. */
export async function makeStubs(folder: string): Promise<void> {
  const script = join(HERE, 'heap/make-stubs.ts');
  const flags = ['--experimental-wasm-type-reflection', '--no-warnings'];
  await run(process.execPath, [...flags, script, folder, join(folder, 'science.stubs.wasm')]);
}

/** Compresses once per content; gives the place of the result. */
export async function compressed(bytes: Uint8Array): Promise<string> {
  const folder = await cached('gz', sha256(bytes).slice(0, 32), async (draft) => {
    await writeFile(join(draft, 'gz'), await compress(bytes, { level: 9 }));
  });
  return join(folder, 'gz');
}

/** Copies the engine's own files, the standard library under a name that no store takes for an archive. */
export async function copyEngine(output: string): Promise<void> {
  await mkdir(output, { recursive: true });
  await Promise.all([
    copyFile(join(PYODIDE, 'pyodide.js'), join(output, 'pyodide.js')),
    copyFile(join(PYODIDE, 'pyodide.asm.js'), join(output, 'pyodide.asm.js')),
    copyFile(join(PYODIDE, 'pyodide.asm.wasm'), join(output, 'pyodide.asm.wasm')),
    copyFile(join(PYODIDE, 'python_stdlib.zip'), join(output, 'python-stdlib.bin')),
    writeFile(join(output, 'lock.json'), `${JSON.stringify(await emptyLock(PYODIDE))}\n`),
  ]);
}
