import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeLuaParser } from './analyse/lua-parser.ts';

/** Makes the Lua parser of the analyser from its grammar; run it after every change of the grammar. */
const folder = join(import.meta.dirname, '../src/analysis/lua');
for (const [name, text] of Object.entries(makeLuaParser(readFileSync(join(folder, 'lua.grammar'), 'utf8'))))
  writeFileSync(join(folder, name), text);
