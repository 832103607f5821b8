import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../child.ts';
import { CACHE } from '../paths.ts';
import { debianMirror } from './mirror.ts';
import type { PinnedFile } from './pins.ts';

const DAY_MS = 86_400_000;
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

export interface PrivateAptOptions {
  /** Where packages come from unless a version says otherwise. */
  readonly suite: string;
  /** Further suites whose sources can be named. */
  readonly suites: readonly string[];
  /** Debian's name of the machine that packages are for. */
  readonly architecture: string;
}

/** An apt with lists, cache and status of its own: as if nothing were installed. It only answers, it installs nothing. */
export interface PrivateApt {
  /** `name=version` of the packages and of what they depend on; apt's patterns such as `?essential` are understood. */
  withDependencies(names: readonly string[]): Promise<string[]>;
  /** The files of packages, sorted by place. */
  binaries(names: readonly string[]): Promise<PinnedFile[]>;
  /** The files of a source package, sorted by place. */
  sources(source: string, version: string): Promise<PinnedFile[]>;
  /** What the index says of packages, a paragraph each, in the form of deb822. */
  show(names: readonly string[]): Promise<string>;
}

/** Reads the signed indexes of the machine's mirror. Throws VendorError when there is none. */
export async function openPrivateApt({ suite, suites, architecture }: PrivateAptOptions): Promise<PrivateApt> {
  const mirror = await debianMirror();
  const home = join(CACHE, 'apt', `${suite}-${architecture}`);
  await mkdir(join(home, 'lists/partial'), { recursive: true });
  await mkdir(join(home, 'cache/archives/partial'), { recursive: true });
  const lines = suites.flatMap((name) =>
    ['deb', 'deb-src'].map((kind) => `${kind} [signed-by=${KEYRING}] ${mirror} ${name} main`),
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
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    // An archived suite is past its date for good; signatures are still checked.
    'Acquire::Check-Valid-Until': 'false',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, '-qq', 'update']);
  // By then what the mirror has now is in the archive of the archives as well, which is taken some times a day.
  const at = new Date(Date.now() + DAY_MS).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const get = (args: readonly string[], release = suite): Promise<string> =>
    run('apt-get', [...options, '-o', `APT::Default-Release=${release}`, '-qq', ...args]);

  /** Lines of `--print-uris`: quoted address, file name, size, SHA-256. */
  function readUris(printed: string): (Omit<PinnedFile, 'name' | 'version'> & { readonly file: string })[] {
    const found = [];
    for (const match of printed.matchAll(/^'([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$/gm)) {
      const [, address = '', file = '', bytes = '0', sha256 = ''] = match;
      const path = decodeURIComponent(address.slice(mirror.length + 1));
      found.push({ file, path, bytes: Number(bytes), sha256, at });
    }
    return found.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  return {
    // `install` prints weak digests only, so it names the packages and `download` their files.
    async withDependencies(names) {
      const printed = await get(['--print-uris', 'install', '-y', '--no-install-recommends', ...names]);
      return [...printed.matchAll(/^'[^']+' ([^_\s]+)_([^_\s]+)_/gm)].map(
        ([, name = '', version = '']) => `${name}=${decodeURIComponent(version)}`,
      );
    },
    async binaries(names) {
      return readUris(await get(['--print-uris', 'download', ...names])).map(({ file, ...pinned }) => {
        const [name = '', version = ''] = file.split('_');
        return { name, version: decodeURIComponent(version), ...pinned };
      });
    },
    async sources(source, version) {
      const printed = await get(['--print-uris', '--only-source', 'source', `${source}=${version}`], '');
      return readUris(printed).map(({ path, bytes, sha256 }) => ({ name: source, version, path, bytes, sha256, at }));
    },
    show: (names) => run('apt-cache', [...options, 'show', '--no-all-versions', ...names]),
  };
}

/** The text of a lock file: a list a key, a line a file. */
export function lockText(pins: Readonly<Record<string, readonly unknown[]>>): string {
  const lists = Object.entries(pins).map(([name, files]) => {
    const lines = files.map((file) => `    ${JSON.stringify(file)}`);
    return `  ${JSON.stringify(name)}: [\n${lines.join(',\n')}\n  ]`;
  });
  return `{\n${lists.join(',\n')}\n}\n`;
}
