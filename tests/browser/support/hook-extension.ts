import { copyFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ensureBuilt } from '../../../tools/build.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** An isolated end as one classic script. */
async function bundle(entry: string): Promise<string> {
  const made = await build({
    stdin: { contents: `import '${entry}';`, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return made.outputFiles[0]?.text ?? '';
}

export interface HookExtension {
  readonly folder: string;
  remove(): Promise<void>;
}

/** The isolated end that records envelopes. */
const PROBE = './tests/browser/support/probe.ts';

/**
 * A minimal extension: the hook in the page's world and a probe in the isolated one, in either order. The hook is the file
 * that ships: what the build makes shorter there is what a page could tell, or break.
 */
export async function writeHookExtension(
  browser: 'chrome' | 'firefox',
  first: 'hook' | 'probe' = 'hook',
  probe = PROBE,
): Promise<HookExtension> {
  const built = await ensureBuilt(browser);
  const { path: folder, remove } = createTemporaryFolder('hook-extension');
  const matches = ['https://chatgpt.com/*', 'https://chat.openai.com/*'];
  const scripts = [
    { matches, js: ['hook.js'], run_at: 'document_start', world: 'MAIN' },
    { matches, js: ['probe.js'], run_at: 'document_start' },
  ];
  await copyFile(path.join(built, 'content-scripts', 'page-hook.js'), path.join(folder, 'hook.js'));
  await writeFile(path.join(folder, 'probe.js'), await bundle(probe));
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
  return { folder, remove };
}
