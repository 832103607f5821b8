import type { CodeLanguage } from './analysis.ts';

/** What people call a language. */
export const LANGUAGE_NAMES: Readonly<Record<CodeLanguage, string>> = {
  python: 'Python',
  javascript: 'JavaScript',
  typescript: 'TypeScript',
  lua: 'Lua',
  wasm: 'WebAssembly',
  shell: 'Shell',
  ruby: 'Ruby',
  php: 'PHP',
  go: 'Go',
  rust: 'Rust',
  swift: 'Swift',
  java: 'Java',
  kotlin: 'Kotlin',
  c: 'C',
  cpp: 'C++',
  csharp: 'C#',
  r: 'R',
  perl: 'Perl',
  powershell: 'PowerShell',
  sql: 'SQL',
  html: 'HTML',
  css: 'CSS',
  json: 'JSON',
  yaml: 'YAML',
  toml: 'TOML',
  xml: 'XML',
  markdown: 'Markdown',
  text: 'Text',
};

/** Those that are no programs: offering to run them would be noise. */
export const NO_PROGRAMS: readonly CodeLanguage[] = ['html', 'css', 'json', 'yaml', 'toml', 'xml', 'markdown', 'text'];

/** Other words of fences and file endings, by language; lower case. A language's own id counts too. */
const WORDS: Readonly<Partial<Record<CodeLanguage, string>>> = {
  python: 'py python3 ipython pycon',
  javascript: 'js mjs cjs node nodejs node.js jsx',
  typescript: 'ts mts tsx deno',
  lua: 'luajit',
  wasm: 'wat wast webassembly',
  shell: 'sh bash zsh dash ksh console terminal shell-session',
  ruby: 'rb',
  go: 'golang',
  rust: 'rs',
  kotlin: 'kt',
  c: 'h',
  cpp: 'c++ cc hpp',
  csharp: 'c# cs',
  r: 'rscript',
  perl: 'pl',
  powershell: 'ps1 pwsh',
  css: 'scss less',
  html: 'htm',
  sql: 'postgres mysql sqlite',
  json: 'jsonc json5 jsonl',
  yaml: 'yml',
  xml: 'svg',
  markdown: 'md',
  text: 'txt plaintext plain plain-text output stdout stderr result results tree csv tsv diff patch mermaid latex tex bibtex log http graphql dockerfile docker makefile cmake nginx ini properties env regex ebnf',
};

/** Every word that names a language. */
export const LANGUAGE_OF_WORD: ReadonlyMap<string, CodeLanguage> = new Map(
  (Object.keys(LANGUAGE_NAMES) as CodeLanguage[]).flatMap((language) =>
    [language, ...(WORDS[language]?.split(' ') ?? [])].map((word) => [word, language] as const),
  ),
);
