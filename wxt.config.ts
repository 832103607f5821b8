import { join } from 'node:path';
import preact from '@preact/preset-vite';
import { minify } from 'terser';
import type { Plugin } from 'vite';
import { defineConfig } from 'wxt';
import { flagsOf } from './src/platform/build-flags.ts';
import { licencesOfTheExtension } from './tools/bundled-packages.ts';
import { calmPackage } from './tools/calm-emulator.ts';
import { savedGuestFile } from './tools/engines/save-guest.ts';
import { nodePartFor } from './tools/node-parts.ts';
import { SHARED_PORTS } from './tools/shared-ports.ts';
import { nameConstants, shortenProperties } from './tools/short-words.ts';

/** Code of the extension's own pages only; all WebAssembly is compiled in the box. */
const EXTENSION_PAGES_CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  // The network gate reaches what a person allowed for a conversation (decision 0045); http only where they named it so.
  "connect-src 'self' https: http:",
  "frame-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * The wall of box and preview in Chromium, which has one for all sandboxed pages: each page's meta element narrows it to what
 * that page needs. Firefox knows those elements alone.
 */
const SANDBOX_CSP = [
  'sandbox allow-scripts allow-forms',
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob: data:",
  "style-src 'unsafe-inline' blob: data:",
  'img-src blob: data:',
  'font-src blob: data:',
  'media-src blob: data:',
  'worker-src blob: data:',
  'child-src blob: data:',
  "frame-src 'none'",
  'connect-src blob: data:',
  "form-action 'none'",
  'base-uri http://localhost:*',
].join('; ');

/**
 * Elements by `h(tag, props, …children)`: 2 kB less of the content script than by `jsx`. After preact's own plugin, which says
 * otherwise. The import goes into modules with elements alone: as the compiler's `jsxInject` it would bring preact everywhere.
 */
const CLASSIC_JSX = {
  name: 'classic-jsx',
  enforce: 'pre' as const,
  config: () => ({ oxc: { jsx: { runtime: 'classic' as const, pragma: 'h', pragmaFrag: 'Fragment' } } }),
  transform: {
    filter: { id: /\.tsx$/ },
    handler: (code: string) => ({ code: `import { Fragment, h } from 'preact';${code}`, map: null }),
  },
};

const COMPRESS = { passes: 3, ecma: 2020 as const, unsafe_arrows: true, hoist_props: true };
// In parentheses the engine compiles a function at once, not a second time when it is called a moment later.
const FORMAT = { comments: false, wrap_iife: true };

/**
 * Functions before everything else, in a run of its own after the others: 500 bytes less of the content scripts. Within the
 * first run it would keep functions from being put where they are called, and cost 2 kB. Then what no minifier makes short;
 * the bundler's own comes after it.
 */
const SMALL_CONTENT_SCRIPTS = {
  name: 'small-content-scripts',
  renderChunk: {
    order: 'post' as const,
    async handler(code: string, { fileName }: { readonly fileName: string }) {
      if (!fileName.startsWith('content-scripts/')) return null;
      const compress = { ...COMPRESS, hoist_funs: true };
      const { code: first = code } = await minify(code, { compress, format: FORMAT });
      const withTexts = fileName.endsWith('/cards.js');
      return { code: shortenProperties(nameConstants(first, { withTexts })), map: null };
    },
  },
};

/** What websocket-driver takes of Node is a file of ours; and it has constructors that name no `this`: as arrows they would be none. */
const NODE_PARTS: Plugin = {
  name: 'node-parts',
  enforce: 'pre',
  config: ({ build }) => {
    const isLinux = typeof build?.lib === 'object' && build.lib.fileName === 'linux-worker';
    return isLinux ? { build: { terserOptions: { compress: { unsafe_arrows: false } } } } : null;
  },
  resolveId: (name, importer) => nodePartFor(name, importer),
};

/**
 * What a first run waits for shares no chunk with pages: each of 26 files costs the browser and the host's process a round (decision 0182).
 */
const BUILT_ALONE = new Set(['background', 'offscreen']);

const SITE = ['https://chatgpt.com/*', 'https://chat.openai.com/*'];

export default defineConfig({
  srcDir: '.',
  outDir: 'extension',
  imports: false,
  manifestVersion: 3,
  targetBrowsers: ['chrome', 'firefox'],
  manifest: ({ browser }) => {
    const isFirefox = browser === 'firefox';
    return {
      name: 'ChatGPT Companion',
      description: 'Runs the code ChatGPT writes on your own device, offline.',
      // In Firefox a style of the user's kind finds what covers our controls (decision 0121); Chromium says so itself.
      permissions: isFirefox ? ['storage', 'scripting'] : ['storage', 'offscreen'],
      host_permissions: SITE,
      // Asked for one host at a time, when a person allows it and it does not let everybody read its answers.
      optional_host_permissions: ['https://*/*', 'http://*/*'],
      content_security_policy: {
        extension_pages: EXTENSION_PAGES_CSP,
        ...(isFirefox ? {} : { sandbox: SANDBOX_CSP }),
      },
      cross_origin_embedder_policy: { value: 'require-corp' },
      cross_origin_opener_policy: { value: 'same-origin' },
      ...(isFirefox
        ? {
            browser_specific_settings: {
              gecko: {
                id: 'companion@chatgpt-companion.example',
                strict_min_version: '140.0',
                data_collection_permissions: { required: ['none'] },
              },
              gecko_android: { strict_min_version: '142.0' },
            },
          }
        : { minimum_chrome_version: '124' }),
    };
  },
  hooks: {
    'entrypoints:grouped': (_wxt, groups) => {
      const apart = groups.flatMap((group) => {
        if (!Array.isArray(group)) return [group];
        const others = group.filter(({ name }) => !BUILT_ALONE.has(name));
        const alone = group.filter(({ name }) => BUILT_ALONE.has(name)).map((each) => [each]);
        return others.length > 0 ? [others, ...alone] : alone;
      });
      groups.splice(0, groups.length, ...apart);
    },
    'build:publicAssets': async ({ config }, files) => {
      if (config.browser !== 'firefox') await calmPackage(files);
      files.push({ relativeDest: 'LICENCES.txt', contents: licencesOfTheExtension() });
      files.push({ relativeDest: 'javascript-guest.memory', absoluteSrc: await savedGuestFile() });
    },
  },
  vite: ({ mode }) => ({
    define: {
      __BUILD_FLAGS__: JSON.stringify(flagsOf(mode)),
      // Asked of the page's own window otherwise, where an element may have any name.
      'window.__PREACT_SIGNALS_DEVTOOLS__': 'false',
    },
    // 3 kB of timers and watchers of addresses that nobody uses; and it speaks to the page.
    resolve: {
      alias: { 'wxt/utils/content-script-context': join(import.meta.dirname, 'src/platform/script-life.ts') },
    },
    plugins: [
      preact({ devToolsEnabled: false, reactAliasesEnabled: false }),
      CLASSIC_JSX,
      SMALL_CONTENT_SCRIPTS,
      NODE_PARTS,
      SHARED_PORTS,
    ],
    build: {
      modulePreload: false,
      target: 'es2022',
      // The oldest browsers of the manifest: nothing is said twice for older ones.
      cssTarget: ['chrome124', 'firefox140'],
      // After the bundler's own: together they leave 3 kB less of the content script than either alone. No names of
      // properties change; a function becomes an arrow where it names neither `this` nor `arguments`.
      minify: 'terser',
      terserOptions: { compress: COMPRESS, format: FORMAT },
      // A module of ours only defines: what nobody uses of it goes, and Chrome's background does not carry the host.
      rolldownOptions: {
        output: { minify: true },
        treeshake: { moduleSideEffects: [{ test: /\/src\//, sideEffects: false }] },
      },
    },
    worker: { format: 'es' },
  }),
});
