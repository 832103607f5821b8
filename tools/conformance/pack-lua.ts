import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePack } from './pack.ts';

/**
 * Makes tests/fixtures/lua/testes.br from a checkout of lua/lua at the tag of the version that runs here:
 * `node tools/conformance/pack-lua.ts CHECKOUT COMMIT`.
 */
const [checkout = '', commit = ''] = process.argv.slice(2);
const folder = join(checkout, 'testes');
const files = Object.fromEntries(
  readdirSync(folder)
    .filter((name) => name.endsWith('.lua'))
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), 'latin1')]),
);
process.stdout.write(`${writePack('lua/testes.br', { commit, files })} bytes\n`);
