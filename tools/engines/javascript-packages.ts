import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { NODE_MODULES, ROOT } from './places.ts';

/** A module that programs may import without a network; `packages.json` holds them by specifier. */
interface BundledModule {
  readonly version: string;
  /** The body of a CommonJS module. */
  readonly code: string;
}

const DAYJS_PLUGINS = [
  'advancedFormat',
  'customParseFormat',
  'dayOfYear',
  'duration',
  'isBetween',
  'isLeapYear',
  'isSameOrAfter',
  'isSameOrBefore',
  'isoWeek',
  'localizedFormat',
  'quarterOfYear',
  'relativeTime',
  'utc',
  'weekOfYear',
];

/** Specifier to package path. Those below `node:` stand for Node's own modules. */
const SPECIFIERS: Readonly<Record<string, string>> = {
  lodash: 'lodash-es',
  'date-fns': 'date-fns',
  dayjs: 'dayjs',
  ...Object.fromEntries(DAYJS_PLUGINS.map((name) => [`dayjs/plugin/${name}`, `dayjs/plugin/${name}.js`])),
  papaparse: 'papaparse',
  nanoid: 'nanoid',
  'simple-statistics': 'simple-statistics',
  'node:buffer': 'buffer/index.js',
  'node:events': 'events/events.js',
  'node:path': 'path-browserify/index.js',
};

/** A package as one script that sets a global of this name. */
export async function bundledScript(name: string, globalName: string): Promise<Uint8Array> {
  return new TextEncoder().encode(await bundle(name, { format: 'iife', globalName }));
}

/** Makes `packages.json`. */
export async function javascriptPackages(): Promise<Uint8Array> {
  const modules: Record<string, BundledModule> = {};
  for (const [specifier, path] of Object.entries(SPECIFIERS)) modules[specifier] = await bundled(path);
  return new TextEncoder().encode(JSON.stringify(modules));
}

async function bundled(path: string): Promise<BundledModule> {
  const [name = ''] = path.split('/');
  const { version } = JSON.parse(await readFile(join(NODE_MODULES, name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { version, code: await bundle(path) };
}

async function bundle(
  path: string,
  how: { readonly format: 'cjs' | 'iife'; readonly globalName?: string } = { format: 'cjs' },
): Promise<string> {
  const built = await build({
    stdin: { contents: entryOf(path), resolveDir: ROOT },
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    charset: 'utf8',
    ...how,
  });
  return built.outputFiles[0]?.text ?? '';
}

/** CommonJS is re-exported as it is; an ES module with a default export must keep it beside the names. */
function entryOf(path: string): string {
  const isModule = ['lodash-es', 'date-fns', 'nanoid', 'simple-statistics', 'acorn'].includes(path);
  if (!isModule) return `module.exports = require(${JSON.stringify(path)});`;
  return path === 'lodash-es'
    ? `export * from 'lodash-es'; export { default } from 'lodash-es';`
    : `export * from ${JSON.stringify(path)};`;
}
