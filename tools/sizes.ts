import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { CheckCount } from './count-reporter.ts';

const KB = 1000;

const CONTENT_SCRIPTS = ['content-scripts/chat.js', 'content-scripts/cards.js'];

/** Minified bytes before compression; raising one needs a decision. */
export const BUDGETS: readonly {
  readonly name: string;
  /** Of several, the sum. */
  readonly chrome: string | readonly string[];
  /** Null where that browser's build has no such script. */
  readonly firefox: string | readonly string[] | null;
  readonly kB: number;
  readonly kBFirefox?: number;
}[] = [
  { name: 'page hook', chrome: 'content-scripts/page-hook.js', firefox: 'content-scripts/page-hook.js', kB: 16 },
  // with the page and the wire of 2026 (decision 0187), blocks told apart and texts of all branches
  { name: 'content scripts', chrome: CONTENT_SCRIPTS, firefox: CONTENT_SCRIPTS, kB: 212 },
  // each is compiled in a task of its own, which holds the site's main thread (decision 0106)
  { name: 'first content script', chrome: 'content-scripts/chat.js', firefox: 'content-scripts/chat.js', kB: 71.5 },
  { name: 'second content script', chrome: 'content-scripts/cards.js', firefox: 'content-scripts/cards.js', kB: 141 },
  { name: 'background', chrome: 'background.js', firefox: 'background.js', kB: 250, kBFirefox: 650 },
  { name: 'what is read ahead', chrome: 'read-ahead.js', firefox: null, kB: 5 },
  { name: 'Python worker', chrome: 'python-worker.js', firefox: 'python-worker.js', kB: 80 },
  // 42 kB of it are quickjs-wasi's own script (decisions 0054 and 0132)
  { name: 'JavaScript worker', chrome: 'javascript-worker.js', firefox: 'javascript-worker.js', kB: 112 },
  { name: 'Lua worker', chrome: 'lua-worker.js', firefox: 'lua-worker.js', kB: 82 },
  { name: 'WebAssembly worker', chrome: 'wasm-worker.js', firefox: 'wasm-worker.js', kB: 80 },
  // 330 kB of it are v86's own script (decisions 0067 and 0132), 90 what speaks with servers (0137); with the tool pack (0147)
  { name: 'Linux worker', chrome: 'linux-worker.js', firefox: 'linux-worker.js', kB: 547 },
  // 110 kB of it read scripts (decision 0137), 12 keep its scripts from connecting, and cookies and storage for them (0151);
  // with answers as they come, and events of a server (0154)
  { name: 'preview page', chrome: 'preview-page.js', firefox: 'preview-page.js', kB: 245 },
  // the memory of an engine that has started (decision 0061)
  { name: 'JavaScript guest', chrome: 'javascript-guest.memory', firefox: 'javascript-guest.memory', kB: 1_330 },
];

/** First load of a page: what its HTML names, followed through static imports. */
export const PAGES: readonly {
  readonly page: string;
  readonly kB: number;
  /** How many scripts; as many as there are where nothing is said. */
  readonly scripts?: number;
}[] = [
  // with which machine a conversation uses, what they are metered by (decision 0139), their servers (0137) and tools (0147), and
  // what begins Linux first (0163), and why a machine is not saved; what is read ahead, and the host in one piece (0182)
  { page: 'offscreen.html', kB: 422, scripts: 2 },
  // with the rehearsal of an engine (decision 0136)
  { page: 'box.html', kB: 11.5 },
  // it checks all answers of the engine door, those about machines and their tools too (decisions 0139 and 0147), and
  // looks for the tab that has the terminals (0069); whoever calls a host says what it is started for (0163); and why a
  // machine is not saved, and closes its terminals for it to be (0179); it names what is not known, and loads its report and
  // the recorder behind this (0186)
  { page: 'popup.html', kB: 119 },
  { page: 'ide.html', kB: 350 },
  { page: 'folder.html', kB: 110 },
];

const LARGEST_TEXT_BYTES = 5_000_000;
/** What is beyond it is a pack that a person adds from a file (decision 0147). */
const PACKAGE_BYTES = 156_000_000;
/** What a zip has for each file beside its content and twice its name. */
const ZIP_ENTRY_BYTES = 30 + 46;

/** Bytes of the folder as a store gets it. */
function zippedBytes(folder: string): number {
  const files = globSync('**/*', { cwd: folder }).filter((file) => statSync(join(folder, file)).isFile());
  return files.reduce(
    (sum, file) =>
      sum + deflateRawSync(readFileSync(join(folder, file)), { level: 9 }).length + ZIP_ENTRY_BYTES + 2 * file.length,
    0,
  );
}

/** These scripts and what they import statically, each once. */
function withImports(folder: string, scripts: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(join(folder, file), 'utf8');
    for (const match of text.matchAll(/(?:from|import)\s*["']\.{0,2}\/?((?:chunks\/|assets\/)?[\w.-]+\.js)["']/g)) {
      const name = match[1] ?? '';
      const found = [name, join('chunks', name)].find((place) =>
        statSync(join(folder, place), { throwIfNoEntry: false }),
      );
      if (found) visit(found);
    }
  };
  for (const script of scripts) visit(script);
  return [...seen];
}

const bytesOf = (folder: string, files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

const bytesWithImports = (folder: string, scripts: readonly string[]): number =>
  bytesOf(folder, withImports(folder, scripts));

function scriptsOf(folder: string, page: string): readonly string[] {
  const html = readFileSync(join(folder, page), 'utf8');
  return [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
}

/** Compares the built extensions with their budgets and prints a line each; names what is over. */
export function checkSizes(chrome: string, firefox: string): CheckCount {
  let passed = 0;
  const failures: string[] = [];
  const count = (line: string, isWithin: boolean): void => {
    if (isWithin) passed += 1;
    else failures.push(`size of ${line}`);
    process.stdout.write(`${isWithin ? 'ok  ' : 'OVER'} ${line}\n`);
  };
  const say = (name: string, bytes: number, budgetKB: number): void =>
    count(`${name}: ${(bytes / KB).toFixed(1)} of ${budgetKB} kB`, bytes <= budgetKB * KB);
  for (const budget of BUDGETS) {
    say(`${budget.name} (Chrome)`, bytesWithImports(chrome, [budget.chrome].flat()), budget.kB);
    if (budget.firefox)
      say(
        `${budget.name} (Firefox)`,
        bytesWithImports(firefox, [budget.firefox].flat()),
        budget.kBFirefox ?? budget.kB,
      );
  }
  for (const { page, kB, scripts: most } of PAGES) {
    const scripts = withImports(chrome, scriptsOf(chrome, page));
    const name = `${page} first load (Chrome)`;
    say(name, bytesOf(chrome, scripts), kB);
    if (most !== undefined) count(`${name}: ${scripts.length} of ${most} scripts`, scripts.length <= most);
  }
  for (const [name, folder] of [
    ['Chrome', chrome],
    ['Firefox', firefox],
  ] as const) {
    const largest = Math.max(
      ...globSync('**/*.{js,css,json,html}', { cwd: folder }).map((file) => statSync(join(folder, file)).size),
    );
    say(`zipped package (${name})`, zippedBytes(folder), PACKAGE_BYTES / KB);
    say(`largest text file (${name})`, largest, LARGEST_TEXT_BYTES / KB);
  }
  return { passed, failed: failures.length, skipped: 0, failures };
}
