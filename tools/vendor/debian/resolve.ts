/**
 * Writes tools/vendor/sources.lock.json from request.json and the signed indexes of the machine's mirror. For maintainers:
 * run it after changing request.json or when a pinned file has left the mirror, then look at the difference.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../child.ts';
import { CACHE, HERE } from '../paths.ts';
import { debianMirror } from './mirror.ts';
import type { PinnedFile, SourcePins } from './pins.ts';

interface Request {
  readonly suite: string;
  readonly toolchain: readonly string[];
  readonly python: readonly string[];
  readonly sources: readonly { readonly source: string; readonly version: string; readonly wants: readonly string[] }[];
}

/** matplotlib 3.3.4 lies in the first of these only, lxml 6 and regex in the last only. */
const SUITES = ['bullseye', 'trixie', 'sid'];
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

const request = JSON.parse(await readFile(join(HERE, 'debian/request.json'), 'utf8')) as Request;
const mirror = await debianMirror();
const apt = await privateApt();

const pins: SourcePins = {
  toolchain: await binaries(await withDependencies(request.toolchain)),
  python: await binaries(request.python),
  sources: (await Promise.all(request.sources.map(sourceFiles))).flat(),
};
const lists = Object.entries(pins).map(([name, files]: [string, readonly PinnedFile[]]) => {
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  return `  ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n  ]`;
});
await writeFile(join(HERE, 'sources.lock.json'), `{\n${lists.join(',\n')}\n}\n`);
console.log(
  `pinned ${String(pins.toolchain.length)} + ${String(pins.python.length)} packages, ${String(pins.sources.length)} source files`,
);

/** Options for an apt with lists, cache and status of its own: as if nothing were installed. */
async function privateApt(): Promise<string[]> {
  const home = join(CACHE, 'apt');
  await mkdir(join(home, 'lists/partial'), { recursive: true });
  await mkdir(join(home, 'cache/archives/partial'), { recursive: true });
  const lines = SUITES.flatMap((suite) =>
    ['deb', 'deb-src'].map((kind) => `${kind} [signed-by=${KEYRING}] ${mirror} ${suite} main`),
  );
  await writeFile(join(home, 'sources.list'), `${lines.join('\n')}\n`);
  await writeFile(join(home, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': join(home, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State::lists': join(home, 'lists'),
    'Dir::Cache': join(home, 'cache'),
    'Dir::State::status': join(home, 'status'),
    'APT::Sandbox::User': 'root',
    'APT::Default-Release': request.suite,
    // An archived suite is past its date for good; signatures are still checked.
    'Acquire::Check-Valid-Until': 'false',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, '-qq', 'update']);
  return options;
}

/** `install` prints weak digests only, so it names the packages and `download` their files. */
async function withDependencies(names: readonly string[]): Promise<string[]> {
  const printed = await run('apt-get', [
    ...apt,
    '-qq',
    '--print-uris',
    'install',
    '-y',
    '--no-install-recommends',
    ...names,
  ]);
  return [...printed.matchAll(/^'[^']+' ([^_\s]+)_([^_\s]+)_/gm)].map(
    ([, name = '', version = '']) => `${name}=${decodeURIComponent(version)}`,
  );
}

async function binaries(names: readonly string[]): Promise<PinnedFile[]> {
  const printed = await run('apt-get', [...apt, '-qq', '--print-uris', 'download', ...names]);
  return readUris(printed).map((file) => {
    const [name = '', version = ''] = file.file.split('_');
    return { name, version: decodeURIComponent(version), path: file.path, bytes: file.bytes, sha256: file.sha256 };
  });
}

async function sourceFiles(wanted: Request['sources'][number]): Promise<PinnedFile[]> {
  const printed = await run('apt-get', [
    ...apt,
    '-o',
    'APT::Default-Release=',
    '-qq',
    '--print-uris',
    '--only-source',
    'source',
    `${wanted.source}=${wanted.version}`,
  ]);
  return readUris(printed)
    .filter(({ file }) => wanted.wants.some((part) => new RegExp(String.raw`\.${part}\.tar\.\w+$`).test(file)))
    .map(({ path, bytes, sha256 }) => ({ name: wanted.source, version: wanted.version, path, bytes, sha256 }));
}

/** Lines of `--print-uris`: quoted address, file name, size, SHA-256. */
function readUris(printed: string): { file: string; path: string; bytes: number; sha256: string }[] {
  const found = [];
  for (const match of printed.matchAll(/^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$/gm)) {
    const [, address = '', file = '', bytes = '0', sha256 = ''] = match;
    found.push({ file, path: decodeURIComponent(address.slice(mirror.length + 1)), bytes: Number(bytes), sha256 });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}
