import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const pageFolder = fileURLToPath(new URL('../page/', import.meta.url));

export interface PageAssets {
  readonly scripts: ReadonlyMap<string, string>;
  readonly css: string;
}

let built: Promise<PageAssets> | null = null;

/** Bundles the page's two scripts in memory, once a process. */
export function ensurePageAssets(): Promise<PageAssets> {
  built ??= buildPageAssets();
  return built;
}

async function buildPageAssets(): Promise<PageAssets> {
  const result = await build({
    entryPoints: [`${pageFolder}legacy.ts`, `${pageFolder}app.ts`],
    bundle: true,
    // Else a package reads entities by `innerHTML`, which trusted types forbid.
    conditions: ['worker'],
    write: false,
    format: 'iife',
    target: 'es2022',
    outdir: '/assets',
    logLevel: 'silent',
  });
  const scripts = new Map(result.outputFiles.map((file) => [file.path.split(/[\\/]/).at(-1) ?? '', file.text]));
  return { scripts, css: await readFile(`${pageFolder}site.css`, 'utf8') };
}
