import type { ContractPrograms } from './contract-programs.ts';

/** As bash takes it literally. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const python = (code: string, ...words: readonly string[]): string =>
  `python3 -c ${quoted(code)} ${words.map(quoted).join(' ')}`;

export const linuxPrograms: ContractPrograms = {
  language: 'shell',
  print: 'echo one\necho two\nsleep 0.1\necho oops >&2',
  answer: null,
  setVariable: 'kept=7',
  readVariable: 'echo "${kept-none}"',
  fail: 'x=1\nfalse',
  broken: 'echo one\nif true; then',
  endless: 'echo go\nwhile :; do :; done',
  stubborn: "trap '' TERM INT HUP\necho go\nwhile :; do :; done",
  exit: 'exit 3',
  flood: `line=$(printf 'x%.0s' {1..999})\nyes "$line"`,
  hoard: 'tail /dev/zero',
  greet: 'printf "name? "\nread -r name || name=nobody\necho "hello $name"',
  reach: 'curl -s https://api.example.org/hello\necho',
  figure: null,
  callHost: null,
  callHostWrong: null,
  write: (path, text) => `printf %s ${quoted(text)} >${quoted(path)}`,
  read: (path) => `cat ${quoted(path)}`,
  awaitFile: (path) => `echo waiting\nuntil [ -e ${quoted(path)} ]; do sleep 0.05; done\ncat ${quoted(path)}`,
  rename: (from, to) => `mv ${quoted(from)} ${quoted(to)}`,
  remove: (path) => `if [ -d ${quoted(path)} ]; then rmdir ${quoted(path)}; else rm ${quoted(path)}; fi`,
  replaceOpen: (path, text) =>
    `exec 3>${quoted(path)}\nprintf old >&3\nrm ${quoted(path)}\nprintf %s ${quoted(text)} >${quoted(path)}\nprintf er >&3\nexec 3>&-`,
  makeFolder: (path) => `mkdir ${quoted(path)}`,
  list: (path) => `LC_ALL=C ls -1 ${quoted(path || '.')}`,
  writeBytes: (path, count) =>
    python(
      'import sys; n = int(sys.argv[2]); open(sys.argv[1], "wb").write((bytes(range(251)) * (n // 251 + 1))[:n])',
      path,
      String(count),
    ),
  sumBytes: (path) => python('import sys; data = open(sys.argv[1], "rb").read(); print(len(data), sum(data))', path),
  exceptions: {
    'the last value is the result': 'a shell has no values, only output',
    "a program's own error is completed, with the person's line":
      'a shell goes on after a command that failed; its messages and its exit code tell',
  },
};
