import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LuaSnippet } from '../tests/support/lua/snippets.ts';

/**
 * Records what the real Lua answers to tests/fixtures/lua/snippets.lua: `node tools/record-lua.ts [lua5.4]`. Tests only read
 * what it wrote. `lua5.4` comes from Debian's package of that name.
 */
const FIXTURES = join(import.meta.dirname, '../tests/fixtures/lua');
const lua = process.argv[2] ?? 'lua5.4';

function record({ name, code, stdin }: Pick<LuaSnippet, 'name' | 'code' | 'stdin'>): LuaSnippet {
  const folder = mkdtempSync(join(tmpdir(), 'lua-'));
  try {
    writeFileSync(join(folder, 'main.lua'), code);
    const input = stdin.map((line) => `${line}\n`).join('');
    const ran = spawnSync(lua, ['main.lua'], { cwd: folder, input, encoding: 'latin1', env: { TZ: 'UTC' } });
    const failure =
      new RegExp(`^${lua}: ((?:.|\\n)*?)(?:\\nstack traceback:|\\n?$)`, 'u').exec(ran.stderr)?.[1] ?? null;
    const text = (value: string): string => Buffer.from(value, 'latin1').toString('utf8');
    const error = failure === null ? null : text(failure);
    const stderr = error === null ? text(ran.stderr) : '';
    return { name, code, stdin, stdout: text(ran.stdout), stderr, error, exitCode: ran.status ?? -1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const snippets = readFileSync(join(FIXTURES, 'snippets.lua'), 'utf8')
  .split(/^--@ /mu)
  .slice(1)
  .map((part) => {
    const [name = '', ...lines] = part.split('\n');
    const stdin = lines.filter((line) => line.startsWith('--@stdin ')).map((line) => line.slice(9));
    return record({ name, stdin, code: lines.filter((line) => !line.startsWith('--@stdin ')).join('\n') });
  });
const version = execFileSync(lua, ['-v'], { encoding: 'utf8' }).split('  ')[0];
writeFileSync(join(FIXTURES, 'snippets.json'), `${JSON.stringify({ version, snippets }, null, 1)}\n`);
process.stderr.write(`${snippets.length} snippets recorded from ${version}\n`);
