import globals from 'globals';
import tseslint from 'typescript-eslint';
import unicorn from 'eslint-plugin-unicorn';

/** A later block replaces `no-restricted-syntax` of an earlier one, so each folder's list is built here. */
const BANS = {
  postMessage: {
    selector: "CallExpression[callee.property.name='postMessage'], CallExpression[callee.name='postMessage']",
    message: 'Only bridge, box and workers post messages.',
  },
  worker: {
    selector: "NewExpression[callee.name='Worker']",
    message: 'Only box/page starts workers that run code of others.',
  },
  storageDirectory: {
    selector: "MemberExpression[property.name='getDirectory'][object.property.name='storage']",
    message: 'Only workspace opens OPFS.',
  },
  html: {
    selector:
      "AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/], CallExpression[callee.property.name='insertAdjacentHTML']",
    message: 'Markup is never set as text.',
  },
  tooNew: {
    selector:
      "MemberExpression[object.name='URL'][property.name='parse'], MemberExpression[object.name='Promise'][property.name='try'], MemberExpression[object.name='RegExp'][property.name='escape'], MemberExpression[object.name='Uint8Array'][property.name=/^from(Base64|Hex)$/]",
    message: 'The oldest browser of the manifest (Chrome 124) has no such function.',
  },
  defaultExport: { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
  sleep: {
    selector:
      "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'][arguments.0.type='Identifier']",
    message: 'Tests wait for an event or a state, not for time.',
  },
};

const PURE = 'Pure folders use no clock, random, timer, network, DOM or storage.';
/** For those folders alone, so no part of the list that every folder gets. */
const random = { selector: "MemberExpression[object.name='Math'][property.name='random']", message: PURE };

const syntax = (...allowed) => [
  'error',
  ...Object.entries(BANS)
    .filter(([name]) => name !== 'sleep' && !allowed.includes(name))
    .map(([, ban]) => ban),
];

const browserApi = ['browser', 'chrome'].map((name) => ({ name, message: 'Only platform names the browser API.' }));
/** The same by an import, which no list of globals sees. */
const browserImport = {
  patterns: [
    { group: ['wxt/browser', 'wxt/browser/**', '@wxt-dev/browser'], message: 'Only platform names the browser API.' },
  ],
};
const impure = [
  'Date',
  'performance',
  'crypto',
  'navigator',
  'fetch',
  'setTimeout',
  'setInterval',
  'document',
  'window',
  'localStorage',
  'indexedDB',
  'WebSocket',
].map((name) => ({ name, message: PURE }));

export default tseslint.config(
  {
    ignores: ['node_modules', 'extension', '.cache', '.wxt', 'public', 'tests/fixtures', 'tests/architecture/samples'],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    plugins: { unicorn },
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.worker.json', './tsconfig.node.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      // What `using` or `finally` ends must outlive what is returned.
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      'max-lines': ['error', { max: 400 }],
      complexity: ['error', 12],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-eval': 'error',
      // A day or a version at which somebody looks again; on that day it fails everywhere, not only on the main branch.
      'unicorn/expiring-todo-comments': [
        'error',
        { checkDates: true, checkDatesOnPullRequests: true, allowWarningComments: false },
      ],
      'no-implied-eval': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}', 'entrypoints/**/*.ts'],
    ignores: ['**/*.test.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': syntax(),
      'no-restricted-globals': ['error', ...browserApi],
      'no-restricted-imports': ['error', browserImport],
    },
  },
  {
    files: ['entrypoints/**/*.ts', 'entrypoints/**/*.tsx'],
    rules: { 'no-restricted-syntax': syntax('defaultExport') },
  },
  {
    files: [
      'src/bridge/**/*.ts',
      'src/box/**/*.ts',
      'src/preview/**/*.ts',
      'src/runners/*/worker.ts',
      'src/runners/*/worker/**/*.ts',
      'src/container/machine/ticks.ts',
      'src/interception/**/*.ts',
      'src/workspace/file-*.ts',
      'src/host/reading/reading-worker.ts',
      'src/platform/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': syntax('postMessage') },
  },
  {
    files: ['src/box/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': syntax('postMessage', 'worker') },
  },
  {
    files: ['src/host/reading/open-reading.ts'],
    rules: { 'no-restricted-syntax': syntax('worker', 'postMessage') },
  },
  {
    files: ['src/workspace/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': syntax('storageDirectory', 'worker', 'postMessage') },
  },
  {
    files: ['src/platform/**/*.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off' },
  },
  {
    // natives are saved unbound on purpose and called through a saved Reflect.apply
    files: [
      'src/interception/**/*.ts',
      'src/bridge/page/**/*.ts',
      'src/base/saved-natives.ts',
      'src/runners/*/worker/**/*.ts',
      'src/box/worker-shell.ts',
      'src/preview/page/{shut,hints,markup-doors,trees}.ts',
    ],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    // runs inside of QuickJS: values are a program's own, natives are called on whatever it passes, and the inspector follows
    // Node's branch by branch
    files: ['src/runners/javascript/guest/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      complexity: ['error', 16],
    },
  },
  {
    // the self-test tries the forbidden doors to prove that they are shut
    files: ['src/box/worker-shell.ts'],
    rules: { 'no-restricted-syntax': syntax('postMessage', 'worker', 'storageDirectory') },
  },
  {
    files: ['src/wire/**/*.ts', 'src/analysis/**/*.ts', 'src/contracts/**/*.ts', 'src/base/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...browserApi, ...impure],
      'no-restricted-syntax': [...syntax(), random],
    },
  },
  {
    files: ['tests/**/*.ts', 'src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', BANS.sleep],
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      complexity: 'off',
    },
  },
  {
    files: ['tools/**/*.ts', 'bench/**/*.ts', '*.config.ts'],
    rules: { 'no-restricted-syntax': 'off', complexity: 'off' },
  },
);
