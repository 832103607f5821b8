/** How the page writes the names of languages for people; any other word stands as the fence has it. */
const names: Readonly<Record<string, string>> = {
  bash: 'Bash',
  c: 'C',
  'c++': 'C++',
  cpp: 'C++',
  css: 'CSS',
  csv: 'CSV',
  diff: 'Diff',
  go: 'Go',
  html: 'HTML',
  java: 'Java',
  javascript: 'JavaScript',
  js: 'JavaScript',
  json: 'JSON',
  jsx: 'JSX',
  lua: 'Lua',
  markdown: 'Markdown',
  md: 'Markdown',
  mermaid: 'Mermaid',
  py: 'Python',
  python: 'Python',
  rust: 'Rust',
  sh: 'Shell',
  shell: 'Shell',
  sql: 'SQL',
  toml: 'TOML',
  ts: 'TypeScript',
  tsx: 'TSX',
  typescript: 'TypeScript',
  wat: 'WebAssembly',
  xml: 'XML',
  yaml: 'YAML',
};

const plainWords: readonly string[] = ['', 'text', 'txt', 'plain', 'plaintext'];

/** True where the page calls the block plain text: no word at the fence, or one that says so. */
export function isPlainText(language: string): boolean {
  return plainWords.includes(language.toLowerCase());
}

/** The word that a header shows for the fence's language. */
export function languageName(language: string): string {
  return names[language.toLowerCase()] ?? language;
}
