import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The page hook as one classic script, as the build makes it. */
export async function bundleHook(minify = false): Promise<string> {
  return bundle(`import hook from './entrypoints/page-hook.content.ts'; void hook.main();`, minify);
}

/** Any entry as one classic script. */
export async function bundle(source: string, minify = false): Promise<string> {
  const made = await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return made.outputFiles[0]?.text ?? '';
}

export interface HookExtension {
  readonly folder: string;
  readonly hookBytes: number;
  remove(): Promise<void>;
}

/** The isolated end that records envelopes. */
const PROBE = './tests/browser/support/probe.ts';

/** A minimal extension: the real hook in the page's world and a probe in the isolated one, in either order. */
export async function writeHookExtension(first: 'hook' | 'probe' = 'hook', probe = PROBE): Promise<HookExtension> {
  const { path: folder, remove } = createTemporaryFolder('hook-extension');
  const matches = ['https://chatgpt.com/*', 'https://chat.openai.com/*'];
  const hook = await bundleHook(true);
  const scripts = [
    { matches, js: ['hook.js'], run_at: 'document_start', world: 'MAIN' },
    { matches, js: ['probe.js'], run_at: 'document_start' },
  ];
  await writeFile(path.join(folder, 'hook.js'), hook);
  await writeFile(path.join(folder, 'probe.js'), await bundle(`import '${probe}';`));
  await writeFile(
    path.join(folder, 'manifest.json'),
    JSON.stringify({
      manifest_version: 3,
      name: 'hook under test',
      version: '1.0',
      content_scripts: first === 'hook' ? scripts : scripts.toReversed(),
      browser_specific_settings: { gecko: { id: 'hook@example.invalid', strict_min_version: '140.0' } },
    }),
  );
  return { folder, hookBytes: Buffer.byteLength(hook), remove };
}
