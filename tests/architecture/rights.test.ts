import { existsSync } from 'node:fs';
import { parseSync, Visitor } from 'vite';
import { describe, expect, it } from 'vitest';
import wxtConfig from '../../wxt.config.ts';
import { productManifest } from '../support/product-manifest.ts';
import { read, trackedFiles } from './sources.ts';

const BROWSERS = ['chrome', 'firefox'] as const;
/** Keys that name the extension or its browsers, or shut it off from others. Every other key gives a right. */
const WITHOUT_RIGHTS: ReadonlySet<string> = new Set([
  'name',
  'description',
  'browser_specific_settings',
  'minimum_chrome_version',
  'cross_origin_embedder_policy',
  'cross_origin_opener_policy',
]);
/** Names that the build takes for parts of the browser, each with a right or a place of its own. */
const OF_MORE_RIGHTS = /^entrypoints\/(?:[^/]+\.)?(?:sidepanel|devtools|newtab|bookmarks|history)\b/u;
const ENTRYPOINTS = trackedFiles().filter((file) => file.startsWith('entrypoints/') && existsSync(file));
const SCRIPTS = ENTRYPOINTS.filter((file) => /\.[jt]sx?$/u.test(file));

const directives = (policy: string): string[] => policy.split(';').map((directive) => directive.trim());

/** Every value below a key of the manifest, of lists and policies each part, as `where: right`. */
function rightsBelow(where: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((part) => rightsBelow(where, part));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, part]) => rightsBelow(`${where}.${key}`, part));
  const parts = where.startsWith('content_security_policy.') ? directives(String(value)) : [String(value)];
  return parts.map((part) => `${where}: ${part}`);
}

/** What an entrypoint tells the browser about its content script, as it is written there. */
function contentScriptOptions(file: string): string[] {
  const code = read(file);
  const { program, errors } = parseSync(file, code);
  if (errors.length > 0) throw new Error(`${file} cannot be read`);
  const options: string[] = [];
  new Visitor({
    CallExpression: ({ callee, arguments: [given] }) => {
      if (callee.type !== 'Identifier' || callee.name !== 'defineContentScript') return;
      const parts = given?.type === 'ObjectExpression' ? given.properties : [];
      for (const { start, end } of parts) options.push(code.slice(start, end).replaceAll(/\s+/gu, ' '));
    },
  }).visit(program);
  return options.filter((option) => !/^main\b/u.test(option));
}

/** The policy that a walled page names itself: in Firefox there is no other. */
function policyOf(page: 'box' | 'preview'): string[] {
  const markup = read(`entrypoints/${page}.sandbox/index.html`);
  const [, policy] = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/u.exec(markup) ?? [];
  if (policy === undefined) throw new Error(`${page}.html names no policy`);
  return directives(policy).map((directive) => `${page}.html: ${directive}`);
}

/** The rows of the table, each as `where: right`. */
function documentedRights(browser: (typeof BROWSERS)[number]): string[] {
  const [, section = ''] = /^## Rights of the extension\n(.*?)^## /msu.exec(read('docs/threat-model.md')) ?? [];
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.flatMap((row) => {
    const parts = /^\| `([^`]+)` \| `([^`]+)` \| (Chrome, Firefox|Chrome|Firefox) \| [^|]*[^|\s][^|]* \|$/u.exec(row);
    if (parts === null) throw new Error(`not a row of a right, its browsers and a reason: ${row}`);
    const [, where = '', right = '', browsers = ''] = parts;
    return browsers.toLowerCase().split(', ').includes(browser) ? [`${where}: ${right}`] : [];
  });
}

describe.each(BROWSERS)('the rights of the extension in %s', (browser) => {
  it('are those that docs/threat-model.md gives a reason for', async () => {
    const manifest = Object.entries(await productManifest(browser)).filter(([key]) => !WITHOUT_RIGHTS.has(key));
    const asked = [
      ...manifest.flatMap(([key, value]) => rightsBelow(key, value)),
      ...SCRIPTS.flatMap((file) =>
        contentScriptOptions(file).map((option) => `${file.replace('entrypoints/', '')}: ${option}`),
      ),
      ...policyOf('box'),
      ...policyOf('preview'),
    ];
    expect(asked.toSorted()).toEqual(documentedRights(browser).toSorted());
  });

  it('open nothing to sites', async () => {
    const keys = Object.keys(await productManifest(browser));
    expect(keys).toContain('permissions');
    expect(keys).not.toContain('web_accessible_resources');
    expect(keys).not.toContain('externally_connectable');
  });
});

describe('the build', () => {
  it('changes the manifest nowhere else', () => {
    expect(Object.keys(wxtConfig.hooks ?? {})).toEqual(['entrypoints:grouped', 'build:publicAssets']);
    expect(wxtConfig.modules ?? []).toEqual([]);
  });

  it('makes no entrypoint that brings a right by itself', () => {
    expect(ENTRYPOINTS.filter((file) => OF_MORE_RIGHTS.test(file))).toEqual([]);
  });

  it('has content scripts that say where they run', () => {
    const scripts = SCRIPTS.filter((file) => /\bcontent\b/u.test(file));
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((file) => !contentScriptOptions(file).some((it) => it.startsWith('matches:')))).toEqual([]);
  });
});
