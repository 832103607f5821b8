// Runs a tool of this folder with the project's own Node, setting both up first. Plain JavaScript without packages,
// because it must work on a fresh clone with Node 20. Prints to standard error only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = path.join(root, 'node_modules');
const marker = path.join(modules, '.installed-lock');
const wantedMajor = 24;

class Refusal extends Error {}

/** Ends with one sentence, once what was taken on the way is given back. */
function fail(sentence) {
  throw new Refusal(sentence);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether node_modules is what the lock file says. */
function isInstalled(hash) {
  if (existsSync(marker)) return readFileSync(marker, 'utf8') === hash;
  const installed = path.join(modules, '.package-lock.json');
  // Installed by hand: npm's own record is then newer than the lock file.
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs;
}

/** Whether the process that holds the lock still lives; one that cannot be read yet is being written. */
function isHeld(lock) {
  const holder = Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0);
  if (holder === 0) return true;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two commands at once must not install into each other; the second waits. One that was killed holds nothing up. */
async function withInstallLock(work) {
  const lock = path.join(root, '.cache', 'installing.pid');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let isSaid = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isHeld(lock)) rmSync(lock, { force: true });
      else if (!isSaid) process.stderr.write('· waiting for another command that is installing\n');
      isSaid = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function install(hash) {
  if (isInstalled(hash)) return;
  // npm would empty what the link points to.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
    fail(
      'node_modules is a link to another folder, and its packages are not those of package-lock.json; run npm ci there.',
    );
  process.stderr.write('· installing the packages of package-lock.json (npm ci)\n');
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.error?.code === 'ENOENT') fail('There is no npm on this machine; install it with: apt-get install npm');
  if (done.status !== 0) fail('The packages could not be installed; see the lines above and run: npm ci');
}

function runs(program) {
  if (!existsSync(program)) return false;
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 && Number(/^v(\d+)/.exec(answer.stdout)?.[1]) >= wantedMajor;
}

/** Where the package `node` and its platform package keep the program. */
function nodePrograms() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const platforms = [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`];
  return [
    path.join(modules, 'node', 'bin', name),
    ...platforms.flatMap((platform) => [
      path.join(modules, 'node', 'node_modules', platform, 'bin', name),
      path.join(modules, platform, 'bin', name),
    ]),
  ];
}

/** The project's Node; its package's install script is run here when npm did not. */
function ensureNode() {
  const found = nodePrograms().find(runs);
  if (found !== undefined) return found;
  const folder = path.join(modules, 'node');
  if (existsSync(path.join(folder, 'installArchSpecificPackage.js'))) {
    process.stderr.write(`· fetching Node ${wantedMajor} (package "node")\n`);
    spawnSync(process.execPath, ['installArchSpecificPackage.js'], { cwd: folder, stdio: ['ignore', 2, 2] });
    const installed = nodePrograms().find(runs);
    if (installed !== undefined) return installed;
  }
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath;
  return fail(`Node ${wantedMajor} could not be installed from the package registry; run: npm rebuild node`);
}

async function main() {
  const [tool, ...args] = process.argv.slice(2);
  const script = path.join(root, 'tools', `${tool ?? ''}.ts`);
  if (tool === undefined || !existsSync(script))
    fail(`There is no tool "${tool ?? ''}"; see package.json for the commands.`);
  const hash = lockHash();
  const isReady = isInstalled(hash) && runs(nodePrograms()[0]);
  const node = isReady ? nodePrograms()[0] : await withInstallLock(() => (install(hash), ensureNode()));
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== hash) writeFileSync(marker, hash);
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
  const child = spawn(node, [script, ...args], { cwd: process.cwd(), stdio: 'inherit', env });
  // Ctrl+C reaches the child by itself; this process only has to outlive it. Other signals are handed on.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => end(new Refusal(`${node} could not be started: ${error.message}`)));
  child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function end(error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

await main().catch(end);
