import type { CodeLanguage } from '../../contracts/analysis.ts';

/** What fences, file endings and shebangs call the languages. */
const NAMES: Readonly<Record<CodeLanguage, string>> = {
  python: 'python python3 python2 py py3 ipython jupyter pycon sage',
  javascript: 'javascript js jsx mjs cjs node nodejs ecmascript es6',
  typescript: 'typescript ts tsx mts cts deno bun',
  lua: 'lua luajit lua5.4 lua5.3 lua5.1',
  shell: 'shell sh bash zsh ksh dash ash console terminal shellscript shell-session',
  wasm: 'wasm wat wast webassembly',
  ruby: 'ruby rb irb',
  php: 'php php7 php8',
  go: 'go golang',
  rust: 'rust rs',
  swift: 'swift',
  java: 'java',
  kotlin: 'kotlin kt kts',
  c: 'c h',
  cpp: 'cpp c++ cc cxx hpp',
  csharp: 'csharp c# cs',
  r: 'r rscript',
  perl: 'perl pl',
  powershell: 'powershell ps1 pwsh',
  sql: 'sql mysql postgresql postgres sqlite plsql tsql',
  html: 'html htm xhtml vue svelte',
  css: 'css scss sass less',
  json: 'json json5 jsonc jsonl geojson',
  yaml: 'yaml yml',
  toml: 'toml ini',
  xml: 'xml svg',
  markdown: 'markdown md',
  text: 'text txt plain plaintext output log',
};

const BY_NAME: ReadonlyMap<string, CodeLanguage> = new Map(
  (Object.entries(NAMES) as [CodeLanguage, string][]).flatMap(([language, names]) =>
    names.split(' ').map((name) => [name, language] as const),
  ),
);

/** The language that a fence's label, or the name of an interpreter, means; null where it means none. */
export function languageOfLabel(label: string): CodeLanguage | null {
  const plain = label.trim().toLowerCase();
  const first = plain.split(/[\s,{:]/u)[0] ?? '';
  const bare = first.startsWith('language-') ? first.slice(9) : first.startsWith('.') ? first.slice(1) : first;
  return BY_NAME.get(bare) ?? null;
}

/** The language of a `#!` line; null where there is none, or one that is not known. */
export function languageOfShebang(code: string): CodeLanguage | null {
  if (!code.startsWith('#!')) return null;
  const end = code.indexOf('\n');
  const words = code
    .slice(2, end < 0 ? 200 : Math.min(end, 200))
    .trim()
    .split(/\s+/u);
  const names = words.map((word) => word.slice(word.lastIndexOf('/') + 1));
  const program =
    names[0] === 'env' ? names.slice(1).find((name) => !name.startsWith('-') && !name.includes('=')) : names[0];
  if (program === undefined) return null;
  return languageOfLabel(program) ?? languageOfLabel(program.replace(/[\d.]+$/u, ''));
}
