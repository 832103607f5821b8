/**
 * Who may import whom: one line a folder of `src`. The linter's rules, the architecture tests and the table in
 * ARCHITECTURE.md all come from here.
 */
export const RINGS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contracts: ['base'],
  interception: ['base'],
  wire: ['base', 'contracts'],
  analysis: ['base', 'contracts'],
  platform: ['base', 'contracts'],
  bridge: ['base', 'contracts', 'platform', 'interception'],
  settings: ['base', 'contracts', 'platform'],
  database: ['base', 'contracts'],
  workspace: ['base', 'contracts', 'platform', 'settings', 'database'],
  capture: ['base', 'contracts', 'wire', 'interception'],
  box: ['base', 'contracts', 'bridge'],
  container: ['base', 'contracts', 'bridge'],
  preview: ['base', 'contracts'],
  execution: ['base', 'contracts', 'settings', 'database', 'workspace'],
  runners: ['base', 'contracts', 'bridge', 'container'],
  host: [
    'base',
    'contracts',
    'analysis',
    'platform',
    'bridge',
    'settings',
    'database',
    'workspace',
    'box',
    'container',
    'execution',
    'runners',
  ],
  'host-launcher': ['base', 'contracts', 'platform', 'bridge'],
  ui: ['base', 'contracts', 'wire', 'platform', 'preview'],
};

/** Files that other folders may import beside a folder's `index.ts`. */
export const OPEN_DOORS: readonly RegExp[] = [
  /^src\/contracts\//,
  /^src\/interception\/envelope\.ts$/,
  /^src\/bridge\/(page|worker)\//,
  /^src\/(box|preview)\/page\.ts$/,
  /^src\/capture\/(pipeline|store)\//,
  /^src\/ui\/kit\//,
  // each part of a machine, for the world that it is for
  /^src\/container\/[^/]+\/(index|ask)\.ts$/,
  // a runner's worker side, what runs inside of its engine, and its data are built into files of their own
  /^src\/runners\/[^/]+\/(index\.ts|worker\.ts|guest\.ts|packages\.generated\.json)$/,
];
