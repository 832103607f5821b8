import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { luaReport, wasiReport } from './conformance/reports.ts';

/** Runs Lua's own tests and the WASI test suite in the runners, and writes docs/engines/{lua,wasi}.md. */
const folder = join(import.meta.dirname, '../docs/engines');
mkdirSync(folder, { recursive: true });
for (const [name, report] of [
  ['lua', luaReport],
  ['wasi', wasiReport],
] as const) {
  const text = await report();
  writeFileSync(join(folder, `${name}.md`), text);
  process.stderr.write(`docs/engines/${name}.md: ${/\*\*([^*]+)\*\*/u.exec(text)?.[1] ?? ''}\n`);
}
