import { LANGUAGE_NAMES, NO_PROGRAMS } from '../../src/contracts/languages.ts';
import { LANGUAGES } from '../../src/contracts/run.ts';

export interface RunnerWish {
  /** Lower case, digits and dashes: the folder's name and the manifest's id. */
  readonly id: string;
  /** As people write it behind a fence; one that no runner speaks yet is added to those of the product. */
  readonly language: string;
}

export interface Edit {
  readonly path: string;
  readonly change: (text: string) => string;
}

const isSpoken = (language: string): boolean => (LANGUAGES as readonly string[]).includes(language);

const pascal = (id: string): string =>
  id.replaceAll(/(?:^|-)([a-z0-9])/gu, (_all, first: string) => first.toUpperCase());
const camel = (id: string): string => pascal(id).replace(/^./u, (first) => first.toLowerCase());

/** Throws an Error with one sentence for what is no wish. */
export function checkWish({ id, language }: RunnerWish): void {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u.test(id)) throw new Error(`${id} is no id: lower case, digits and dashes`);
  if (id === 'kit') throw new Error('kit is what all runners share');
  if (!/^[a-z][a-z0-9]*$/u.test(language)) throw new Error(`${language} is no language: lower case and digits`);
  if (!isSpoken(language) && (NO_PROGRAMS as readonly string[]).includes(language))
    throw new Error(`${language} is no language of programs: src/contracts/languages.ts says so`);
}

/** The files of a new runner, by path from the root. It compiles; what it must do is said by the contract's failing cases. */
export function runnerFiles({ id, language }: RunnerWish): Readonly<Record<string, string>> {
  const name = pascal(id);
  const value = camel(id);
  return {
    [`src/runners/${id}/README.md`]: `# ${name}
Which engine it is, of which version, and the decision that says why. \`worker/engine.ts\` drives it.

| | |
| --- | --- |
| value | what is shown of the last expression, and what of \`display\` |
| errors | message, line, traceback |
| kept | what the next run of a conversation sees |
| files | what of the tree a program reaches, and when others see it |
| input | who is asked, and where only what was given is there |
| Stop, time | how a busy program ends, and whether variables stay |
| memory | how it ends at the limit |

Not here: what its people will miss, and why.
`,
    [`src/runners/${id}/index.ts`]: `// ${name} in a box: manifest.ts, runner.ts (host side), worker.ts (in the box, built as one classic script).
export { create${name}Runner, type ${name}RunnerOptions } from './runner.ts';
`,
    [`src/runners/${id}/manifest.ts`]: `import { LIMITS } from '../../contracts/limits.ts';
import type { RunnerManifest } from '../../contracts/runner.ts';

export const ${value}Manifest: RunnerManifest = {
  id: '${id}',
  languages: ['${language}'],
  extensions: { ${language}: ['${id}'] },
  capabilities: {
    keepsVariables: false,
    readsInput: true,
    showsFigures: false,
    hostFunctions: false,
    network: false,
    liveFiles: 'withSharedMemory',
  },
  memoryMB: LIMITS.otherMemoryMB.standard,
  cannot: ['reach the network'],
};
`,
    [`src/runners/${id}/runner.ts`]: `import type { Runner } from '../../contracts/runner.ts';
import { createEngineRunner, engineSpec, type EngineSource } from '../kit/index.ts';
import { ${value}Manifest } from './manifest.ts';

export interface ${name}RunnerOptions {
  readonly source: EngineSource;
}

/** ${name} in boxes. Files of the engine lie in public/vendor/${id}: name them as \`files\` (bytes) or \`modules\` (compiled). */
export function create${name}Runner({ source }: ${name}RunnerOptions): Runner {
  return createEngineRunner({ manifest: ${value}Manifest, engine: () => engineSpec({ id: '${id}', source }) });
}
`,
    [`src/runners/${id}/worker.ts`]: `// The worker of the ${name} runner: one classic script, first of all code in its worker after the box's own shell.
import { serveEngine, type WorkerScope } from '../kit/worker/index.ts';
import { create${name}Engine } from './worker/engine.ts';

export function start${name}Worker(scope: WorkerScope): void {
  serveEngine(scope, create${name}Engine);
}
`,
    [`src/runners/${id}/worker/engine.ts`]: `import type { Engine, EngineHost } from '../../kit/worker/index.ts';

/** An engine that prints its program: put the real one here. What it may ask of its worker is all in \`host\`. */
export async function create${name}Engine(host: EngineHost): Promise<Engine> {
  return {
    version: '${name} 0',
    memoryBytes: () => 1,
    async execute({ code }) {
      for (const line of code.split('\\n')) {
        if (host.shouldStop() || !host.write(1, \`\${line}\\n\`)) break;
      }
      return { exitCode: 0, result: null, error: null };
    },
    validate: async () => null,
  };
}
`,
    [`entrypoints/${id}-worker.ts`]: `import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { start${name}Worker } from '../src/runners/${id}/worker.ts';

/** The classic script that the host hands to a box as the ${name} worker. */
export default defineUnlistedScript(() => start${name}Worker(globalThis));
`,
    [`tests/support/contract/programs/${id}.ts`]: `import type { ContractPrograms } from './contract-programs.ts';

/** What each program must do is said in contract-programs.ts. */
export const ${value}Programs: ContractPrograms = {
  language: '${language}',
  print: '',
  answer: null,
  setVariable: null,
  readVariable: null,
  fail: '',
  broken: '',
  endless: '',
  stubborn: '',
  exit: '',
  flood: '',
  hoard: '',
  greet: null,
  reach: null,
  figure: null,
  callHost: null,
  callHostWrong: null,
  write: (path, text) => \`\${path} \${text}\`,
  read: (path) => path,
  awaitFile: (path) => path,
  rename: (from, to) => \`\${from} \${to}\`,
  remove: (path) => path,
  replaceOpen: (path, text) => \`\${path} \${text}\`,
  makeFolder: (path) => path,
  list: (path) => path,
  writeBytes: (path, count) => \`\${path} \${count}\`,
  sumBytes: (path) => path,
  exceptions: {},
};
`,
    [`tests/node/${id}-contract.test.ts`]: `import { create${name}Runner } from '../../src/runners/${id}/index.ts';
import { ${value}Programs } from '../support/contract/programs/${id}.ts';
import { nodeSource } from '../support/kit/node-source.ts';
import { describeRunner, nodeWorld } from '../support/runner-contract.ts';

const runner = create${name}Runner({ source: nodeSource('${id}') });

describeRunner('${id} with shared memory', nodeWorld(runner, ${value}Programs));
describeRunner('${id} without', nodeWorld(runner, ${value}Programs, { hasSharedMemory: false }));
`,
  };
}

/** After the last import, and before the end of the list that follows. */
function addLine(text: string, imported: string, listEnd: string, line: string): string {
  const last = text.lastIndexOf('\nimport ');
  const importEnd = text.indexOf(';\n', last) + 2;
  const end = text.lastIndexOf(listEnd);
  if (last < 0 || end < importEnd) throw new Error('a list was not where it was expected');
  return `${text.slice(0, importEnd)}${imported}\n${text.slice(importEnd, end)}${line}\n${text.slice(end)}`;
}

/** Puts a text before a mark that is there once. */
function insertBefore(text: string, mark: string, added: string): string {
  const [before, after, ...others] = text.split(mark);
  if (before === undefined || after === undefined || others.length > 0)
    throw new Error(`"${mark}" was not where it was expected`);
  return `${before}${added}${mark}${after}`;
}

/** A language that no runner speaks yet: one word in the list of those that run, and a name where it has none. */
function languageEdits(language: string): readonly Edit[] {
  if (isSpoken(language)) return [];
  const inList: Edit = {
    path: 'src/contracts/run.ts',
    change: (text) => insertBefore(text, '] as const;\nexport type Language =', `, '${language}'`),
  };
  const named: Edit = {
    path: 'src/contracts/languages.ts',
    change: (text) => insertBefore(text, "  ruby: 'Ruby',", `  ${language}: '${pascal(language)}',\n`),
  };
  return Object.hasOwn(LANGUAGE_NAMES, language) ? [inList] : [inList, named];
}

/** The one line in the registry, the one in the contract's list, and those of a new language. */
export function runnerEdits({ id, language }: RunnerWish): readonly Edit[] {
  const name = pascal(id);
  return [
    ...languageEdits(language),
    {
      path: 'src/host/registry.ts',
      change: (text) =>
        addLine(
          text,
          `import { create${name}Runner } from '../runners/${id}/index.ts';`,
          '  ];',
          `    create${name}Runner({ source: sourceOf('${id}') }),`,
        ),
    },
    {
      path: 'tests/support/contract/programs/index.ts',
      change: (text) =>
        addLine(
          text,
          `import { ${camel(id)}Programs } from './${id}.ts';`,
          '};\n',
          `  ${id.includes('-') ? `'${id}'` : id}: [${camel(id)}Programs],`,
        ),
    },
  ];
}
