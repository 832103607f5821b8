import { ESLint, type Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** Each ban with code that must trip it; the sample is linted as if it stood in a file that exists. */
const SAMPLES: readonly {
  readonly ban: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string;
}[] = [
  {
    ban: 'posting messages',
    file: 'src/execution/index.ts',
    code: "self.postMessage('x');\n",
    rule: 'no-restricted-syntax',
  },
  {
    ban: 'starting workers',
    file: 'src/execution/index.ts',
    code: "export const w = new Worker('x');\n",
    rule: 'no-restricted-syntax',
  },
  {
    ban: 'opening OPFS',
    file: 'src/execution/index.ts',
    code: 'export const d = navigator.storage.getDirectory();\n',
    rule: 'no-restricted-syntax',
  },
  {
    ban: 'markup as text',
    file: 'src/execution/index.ts',
    code: "export const f = (e: Element) => {\n  e.innerHTML = 'x';\n};\n",
    rule: 'no-restricted-syntax',
  },
  {
    ban: 'what the oldest browser lacks',
    file: 'src/execution/index.ts',
    code: "export const u = URL.parse('x');\n",
    rule: 'no-restricted-syntax',
  },
  { ban: 'default exports', file: 'src/execution/index.ts', code: 'export default 1;\n', rule: 'no-restricted-syntax' },
  {
    ban: 'the browser API',
    file: 'src/execution/index.ts',
    code: 'export const id = chrome;\n',
    rule: 'no-restricted-globals',
  },
  {
    ban: 'the browser API by an import',
    file: 'src/execution/index.ts',
    code: "import { browser } from 'wxt/browser';\nexport const { id } = browser.runtime;\n",
    rule: 'no-restricted-imports',
  },
  {
    ban: 'the browser API by an import of an entrypoint',
    file: 'entrypoints/background.ts',
    code: "export { browser } from 'wxt/browser';\n",
    rule: 'no-restricted-imports',
  },
  ...['Date.now()', 'performance.now()', 'crypto.randomUUID()', 'navigator.language'].map((impure) => ({
    ban: `${impure} in a pure folder`,
    file: 'src/wire/index.ts',
    code: `export const t = ${impure};\n`,
    rule: 'no-restricted-globals',
  })),
  {
    ban: 'Math.random() in a pure folder',
    file: 'src/wire/index.ts',
    code: 'export const t = Math.random();\n',
    rule: 'no-restricted-syntax',
  },
  {
    ban: 'a sleep in a test',
    file: 'tests/architecture/bans.test.ts',
    code: 'await new Promise((resolve) => setTimeout(resolve, 10));\n',
    rule: 'no-restricted-syntax',
  },
  {
    ban: 'a TODO whose day has come',
    file: 'src/execution/index.ts',
    // In two parts: the test of dates reads this file too.
    code: `// ${'TODO'} [2020-01-01]: look again\nexport const x = 1;\n`,
    rule: 'unicorn/expiring-todo-comments',
  },
  {
    ban: 'a TODO without a day',
    file: 'src/execution/index.ts',
    code: '// TODO look again\nexport const x = 1;\n',
    rule: 'unicorn/expiring-todo-comments',
  },
  {
    ban: 'any',
    file: 'src/execution/index.ts',
    code: 'export const x: any = 1;\n',
    rule: '@typescript-eslint/no-explicit-any',
  },
];

describe('bans', () => {
  // No ban needs types, and to have them the parser would read three whole programs first; a rule that needs them would throw.
  const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked as Linter.Config });
  for (const sample of SAMPLES) {
    it(`catches ${sample.ban}`, async () => {
      const [result] = await eslint.lintText(sample.code, { filePath: sample.file });
      expect(result?.messages.map((message) => message.ruleId)).toContain(sample.rule);
    });
  }
});
