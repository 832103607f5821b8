import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
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
  'node:stream': 'readable-stream/lib/stream.js',
  'node:string_decoder': 'string_decoder/lib/string_decoder.js',
  'node:buffer': 'buffer/index.js',
  'node:events': 'events/events.js',
  'node:path': 'path-browserify/index.js',
};

/** Modules of Node that are ours, below `src/runners/javascript/guest/late`: each a function of what the guest gives them. */
const LATE_MODULES = ['crypto', 'zlib', 'stream-consumers', 'test'];

/** What packages want of Node and find in the guest's own modules or its globals. */
const ofTheGuest: Plugin = {
  name: 'of the guest',
  setup(set) {
    set.onResolve({ filter: /^(?:events|string_decoder)\/?$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? null : { path: `node:${path.replace('/', '')}`, external: true },
    );
    set.onResolve({ filter: /^(?:buffer|safe-buffer)$/ }, () => ({ path: 'node:buffer', external: true }));
    set.onResolve({ filter: /^abort-controller$/ }, ({ path }) => ({ path, namespace: 'global' }));
    set.onResolve({ filter: /^process\/$/ }, () => ({ path: 'node:process', external: true }));
    set.onLoad({ filter: /./, namespace: 'global' }, () => ({ contents: 'module.exports = globalThis;' }));
  },
};

/** A package as one script that sets a global of this name. */
export async function bundledScript(name: string, globalName: string): Promise<Uint8Array> {
  return new TextEncoder().encode(await bundle(name, { format: 'iife', globalName }));
}

/** What the worker answers programs with where they ask for hashes or compressed data: sets a global of this name. */
export async function nativeScript(globalName: string): Promise<Uint8Array> {
  const file = `${ROOT}/src/runners/javascript/native/index.ts`;
  return new TextEncoder().encode(await bundle(file, { format: 'iife', globalName }));
}

/** Makes `packages.json`. */
export async function javascriptPackages(): Promise<Uint8Array> {
  const modules: Record<string, BundledModule> = {};
  for (const [specifier, path] of Object.entries(SPECIFIERS)) modules[specifier] = await bundled(path);
  for (const name of LATE_MODULES) {
    const file = `${ROOT}/src/runners/javascript/guest/late/${name}.ts`;
    modules[`late:${name}`] = { version: '', code: await bundle(file) };
  }
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
    plugins: [ofTheGuest],
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
