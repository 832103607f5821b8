import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  type Answer,
  CASE_ENV,
  CASES_FOLDER,
  readCases,
  RECORDED,
  said,
  type ShellCase,
} from '../tests/support/shell/cases.ts';

/**
 * Records what bash and the tools of this machine's Debian answer to tests/fixtures/shell/cases:
 * `node tools/record-shell.ts [topic…]`.
 * Tests only read what it wrote. Cases run as the user 1000, whom nobody trusts; every one twice, and one that does not
 * answer the same is refused.
 */
const PACKAGES = [
  ...[
    'bash',
    'bc',
    'bsdextrautils',
    'bzip2',
    'coreutils',
    'diffutils',
    'file',
    'findutils',
    'git',
    'grep',
    'gzip',
    'jq',
  ],
  ...['libc-bin', 'make', 'gawk', 'ncurses-bin', 'patch', 'procps', 'python3.11', 'sed', 'sqlite3', 'tar', 'unzip'],
  ...['util-linux', 'xxd', 'xz-utils', 'zip'],
];
const USER = 1000;

function run({ code, stdin, folder }: ShellCase): Answer {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chownSync(folder, USER, USER);
  const ran = spawnSync('/bin/bash', ['-c', code], {
    argv0: 'bash',
    cwd: folder,
    input: stdin,
    env: { ...CASE_ENV, PATH: '/usr/bin:/bin', HOME: folder },
    uid: USER,
    gid: USER,
    timeout: 60_000,
    maxBuffer: 64 << 20,
  });
  if (ran.status === null) throw new Error(`did not end: ${code}`);
  return { stdout: said(ran.stdout), stderr: said(ran.stderr), exitCode: ran.status };
}

process.umask(0o022);
const topics = new Map<string, Record<string, Answer>>();
const unstable: string[] = [];
const wanted = process.argv.slice(2);
const cases = readCases().filter(({ topic }) => wanted.length === 0 || wanted.includes(topic));
for (const one of cases) {
  const answer = run(one);
  const again = run(one);
  if (!isDeepStrictEqual(again, answer))
    unstable.push(`${one.topic}: ${one.title}\n${JSON.stringify([answer, again])}`);
  const answers = topics.get(one.topic) ?? {};
  if (answers[one.title]) throw new Error(`twice the same title: ${one.topic}: ${one.title}`);
  topics.set(one.topic, { ...answers, [one.title]: answer });
}
rmSync(CASES_FOLDER, { recursive: true, force: true });
if (unstable.length > 0) throw new Error(`not the same at each run:\n${unstable.join('\n')}`);
if (wanted.length === 0) rmSync(RECORDED, { recursive: true, force: true });
mkdirSync(RECORDED, { recursive: true });
for (const [topic, answers] of topics)
  writeFileSync(join(RECORDED, `${topic}.json`), `${JSON.stringify(answers, null, 1)}\n`);
const versions = execFileSync('dpkg-query', ['-W', '-f', '${Package} ${Version}\n', ...PACKAGES], { encoding: 'utf8' });
const lines = versions.trim().split('\n');
const packages = Object.fromEntries(
  lines.map((line): [string, string] => [line.split(' ', 1)[0] ?? '', line.replace(/^\S+ /u, '')]),
);
writeFileSync(join(RECORDED, 'packages.json'), `${JSON.stringify(packages, null, 1)}\n`);
process.stderr.write(`${cases.length} cases recorded\n`);
