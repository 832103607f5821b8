import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonReport } from './conformance/python-report.ts';
import { luaReport, wasiReport } from './conformance/reports.ts';

/** Runs CPython's, Lua's and WASI's own tests in the runners, and writes docs/engines/{python,lua,wasi}.md; or of those named. */
const folder = join(import.meta.dirname, '../docs/engines');
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, report] of [
  ['python', pythonReport],
  ['lua', luaReport],
  ['wasi', wasiReport],
] as const) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const text = await report();
  writeFileSync(join(folder, `${name}.md`), text);
  process.stderr.write(`docs/engines/${name}.md: ${/\*\*([^*]+)\*\*/u.exec(text)?.[1] ?? ''}\n`);
}
