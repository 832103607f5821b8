import type { FileUse, NetworkUse } from '../../contracts/analysis.ts';
import { GUEST_WHEELS } from '../../contracts/guest-wheels.ts';
import type { ShellCommand, ShellWord } from '../shell/shell-facts.ts';
import { placeOf } from './network-calls.ts';

const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Commands of the shell itself. Source: bash 5.3 manual, chapter 4. */
export const BUILTINS = set(
  ': . [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait [[',
);
/** Built-ins that print or decide and do nothing else. */
export const PURE_BUILTINS = set(': [ [[ echo false printf test true local let return shift break continue set');

/** Programs that read the files they are given; the number says which of their words is the first file. */
const READERS = new Map(
  Object.entries({
    0: 'cat head tail less more sort uniq wc cut nl od xxd md5sum sha1sum sha256sum file stat du diff cmp strings source . readlink column comm paste fold tac rev split zcat',
    1: 'grep egrep fgrep zgrep rg ag awk gawk sed jq yq',
  }).flatMap(([first, list]) => list.split(' ').map((name) => [name, Number(first)] as const)),
);
const LISTERS = set('ls find tree dir');
const WRITERS = set(
  'rm rmdir mkdir touch chmod chown chgrp ln truncate tee dd shred mkfifo mknod unlink crontab fdisk parted wipefs install patch',
);
const MOVERS = set('mv cp tar unzip zip gzip gunzip rsync');

const NETWORK = set(
  'curl wget ssh scp sftp nc ncat netcat telnet ftp ping dig nslookup whois traceroute aria2c lynx npx http httpie mosh',
);
/** Programs that use the network for some of their words only. */
const NETWORK_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    git: set('clone fetch pull push ls-remote submodule'),
    pip: set('install download search'),
    pip3: set('install download search'),
    uv: set('pip sync add install'),
    npm: set('install i ci update publish add exec create'),
    pnpm: set('install i add update dlx'),
    yarn: set('install add upgrade dlx'),
    apt: set('install update upgrade'),
    'apt-get': set('install update upgrade dist-upgrade'),
    yum: set('install update'),
    dnf: set('install update'),
    apk: set('add update'),
    brew: set('install update upgrade'),
    gem: set('install'),
    cargo: set('install add update'),
    go: set('get install mod'),
    conda: set('install update create'),
    docker: set('run pull push build login compose'),
    podman: set('run pull push build'),
    python: set('pip'),
    python3: set('pip'),
    rsync: set(''),
    aws: set('s3 ec2 sts configure'),
    gh: set('repo pr api release issue'),
  }),
);

/** Options that change nothing of what is installed. */
const SILENT_OF_PIP = set('-q --quiet -qq -U --upgrade --user --no-cache-dir --break-system-packages');

const OTHERS = set(
  'env sudo doas iptables systemctl service docker podman kubectl make cmake gcc g++ node python python3 kill killall pkill ps top date uname which whoami hostname seq tr expr sleep xargs base64 jq yes watch mount umount ip ifconfig ssh-keygen openssl history alias crontab useradd passwd shutdown reboot',
);

/** Whether a name is that of a program that shells start often. */
export function isKnownProgram(name: string): boolean {
  const lists = [READERS, LISTERS, WRITERS, MOVERS, NETWORK, OTHERS, BUILTINS];
  return lists.some((list) => list.has(name)) || NETWORK_WORDS.has(name);
}

const plainWords = (command: ShellCommand): readonly string[] =>
  command.words.map(({ text }) => text).filter((text) => !text.startsWith('-'));

/** A name as an index compares it; '' of a requirement that says more, for another version may lie elsewhere. Source: PEP 503, PEP 508. */
const packageOf = (requirement: string): string =>
  (/^[\w.-]+$/u.exec(requirement)?.[0] ?? '').replaceAll(/[-_.]+/gu, '-').toLowerCase();

/** Whether pip is to install nothing but what lies in the extension: options that take a word, and other commands, are not known to. */
function takesWheels(name: string, words: readonly ShellWord[]): boolean {
  const texts = words.map(({ text }) => text);
  const at = name.startsWith('python') && texts[0] === '-m' && texts[1] === 'pip' ? 2 : 0;
  if ((at === 0 && name !== 'pip' && name !== 'pip3') || texts[at] !== 'install') return false;
  const named = words.slice(at + 1).filter(({ text }) => !SILENT_OF_PIP.has(text));
  return named.length > 0 && named.every((word) => !word.isComputed && GUEST_WHEELS.includes(packageOf(word.text)));
}

/** How a command reaches the network; null where it does not. */
export function networkOfCommand(command: ShellCommand): Omit<NetworkUse, 'at'> | null {
  const name = command.name ?? '';
  const words = plainWords(command);
  const wanted = NETWORK_WORDS.get(name);
  const uses =
    NETWORK.has(name) ||
    (wanted !== undefined &&
      words.slice(0, 3).some((word) => wanted.has(word) || (name === 'rsync' && word.includes(':'))));
  if (!uses || takesWheels(name, command.words)) return null;
  const place = words.map((word) => placeOf(word)).find((found) => found !== null);
  return { by: name, host: null, origin: null, ...place };
}

interface PathUse {
  readonly access: FileUse['access'];
  readonly path: string | null;
}

const pathUse = (access: FileUse['access'], word: { text: string; isComputed: boolean } | undefined): PathUse => ({
  access,
  path: word ? word.text.replaceAll('$HOME', '~').replaceAll('${HOME}', '~') : null,
});

const CURL_FLAGS: ReadonlyMap<string, FileUse['access']> = new Map([
  ['-o', 'write'],
  ['--output', 'write'],
  ['-T', 'read'],
  ['--upload-file', 'read'],
]);

/** `@file` and `name=@file`: curl sends what is in it. */
function sentFile(word: ShellWord): PathUse | null {
  const at = word.text.startsWith('@') ? 0 : word.text.indexOf('=@') + 1;
  if (at === 0 && !word.text.startsWith('@')) return null;
  const path = word.text.slice(at + 1);
  return path === '-' || path === '' ? null : pathUse('read', { ...word, text: path });
}

function ofCurl(command: ShellCommand): PathUse[] {
  return command.words.flatMap((word, index) => {
    if (word.text === '-O' || word.text === '--remote-name') return [pathUse('write', undefined)];
    const access = CURL_FLAGS.get(command.words[index - 1]?.text ?? '');
    const sent = access ? pathUse(access, word) : sentFile(word);
    return sent ? [sent] : [];
  });
}

function wgetWrites(command: ShellCommand): PathUse[] {
  const toStream = command.words.some(({ text }) => /^-\w*O-?$/u.test(text) || text === '--spider');
  return toStream ? [] : [pathUse('write', undefined)];
}

const READING_DD = 'if=';

function ofWriter(command: ShellCommand): PathUse[] {
  const words = command.words.filter(({ text }) => !text.startsWith('-') && !text.startsWith(READING_DD));
  const skipped = ['chmod', 'chown', 'chgrp'].includes(command.name ?? '') ? words.slice(1) : words;
  if (skipped.length === 0) return [pathUse('write', undefined)];
  return skipped.map((word) =>
    pathUse('write', { ...word, text: word.text.startsWith('of=') ? word.text.slice(3) : word.text }),
  );
}

function ofReader(command: ShellCommand, first: number): PathUse[] {
  const isInPlace =
    command.name === 'sed' && command.words.some(({ text }) => text.startsWith('-i') || text === '--in-place');
  const files = command.words.filter(({ text }) => !text.startsWith('-')).slice(first);
  return files.map((word) => pathUse(isInPlace ? 'write' : 'read', word));
}

/** The files that a command reads and writes, as far as its words show. */
export function filesOfCommand(command: ShellCommand): PathUse[] {
  const name = command.name ?? '';
  if (name === 'curl') return ofCurl(command);
  if (name === 'wget') return wgetWrites(command);
  const first = READERS.get(name);
  if (first !== undefined) return ofReader(command, first);
  if (WRITERS.has(name) || name.startsWith('mkfs')) return ofWriter(command);
  if (MOVERS.has(name)) return [pathUse('read', undefined), pathUse('write', undefined)];
  if (!LISTERS.has(name)) return [];
  const changes = command.words.some(({ text }) => ['-delete', '-exec', '-execdir', '-ok'].includes(text));
  if (changes) return [pathUse('write', undefined)];
  const folder = command.words.find(({ text }) => !text.startsWith('-'));
  return [pathUse('read', folder)];
}
