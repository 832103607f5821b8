import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writePack } from './pack.ts';

/**
 * Makes tests/fixtures/python/cpython-tests.br from the folder `test` of a CPython (on Debian the packages
 * libpython3.13-stdlib and libpython3.13-testsuite, unpacked): `node tools/conformance/pack-cpython.ts FOLDER VERSION MODULE...`.
 * Takes the modules, the folders of data that they name, and what every test uses.
 */
const [folder = '', version = '', ...modules] = process.argv.slice(2);
const SHARED = ['__init__.py', 'support'];

const filesOf = (path: string): string[] => {
  const whole = join(folder, path);
  if (!statSync(whole).isDirectory()) return [path];
  return readdirSync(whole)
    .filter((name) => name !== '__pycache__')
    .flatMap((name) => filesOf(join(path, name)));
};

/** Entries of the folder that a text names: helpers that it imports and data that it reads. */
const others = readdirSync(folder).filter((name) => !name.startsWith('test_') && !SHARED.includes(name));
const namedIn = (text: string): string[] =>
  others.filter((name) => new RegExp(`\\b${name.replace(/\.py$/u, '').replaceAll('.', '\\.')}\\b`, 'u').test(text));

const taken = new Set(SHARED.flatMap(filesOf));
const take = (path: string): void => {
  for (const file of filesOf(path)) {
    if (taken.has(file)) continue;
    taken.add(file);
    if (file.endsWith('.py')) for (const name of namedIn(readFileSync(join(folder, file), 'latin1'))) take(name);
  }
};
for (const name of modules) take(existsSync(join(folder, name)) ? name : `${name}.py`);

const files = Object.fromEntries(
  [...taken].sort().map((path) => [`test/${path}`, readFileSync(join(folder, path), 'latin1')]),
);
const bytes = writePack('python/cpython-tests.br', { version, modules, files });
process.stdout.write(`${modules.length} modules, ${taken.size} files, ${bytes} bytes\n`);
