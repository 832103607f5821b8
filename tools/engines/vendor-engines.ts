import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { licenceText } from '../licence-text.ts';
import { NODE_MODULES, VENDOR, VENDORED_LIST } from './places.ts';
import { ENGINE_ROWS, type EngineRow } from './rows.ts';

interface Listed {
  readonly file: string;
  readonly version: string;
  readonly licence: string;
  readonly source: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Puts the engines that come from npm under public/vendor, with their licences, and their rows in public/vendored.json.
 * Takes a second; what is already there with the same bytes is left as it is. `say` gets a line an engine.
 */
export async function vendorEngines(say: (line: string) => void): Promise<void> {
  const engines = [...new Set(ENGINE_ROWS.map((row) => row.engine))];
  const lists = new Map<string, Listed[]>();
  for (const engine of engines) {
    const rows = ENGINE_ROWS.filter((row) => row.engine === engine);
    const listed: Listed[] = [];
    for (const row of rows) {
      const bytes = await bytesOf(row);
      await place(join(VENDOR, engine, row.file), bytes);
      const { version, licence } = await packageOf(row.from);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      listed.push({ file: row.file, version, licence, source: `npm ${row.from}`, bytes: bytes.length, sha256 });
    }
    await place(join(VENDOR, engine, 'LICENCES.txt'), await licencesOf(rows));
    lists.set(`${engine}/`, listed);
    say(`${engine}: ${String(rows.length)} files in ${join(VENDOR, engine)}`);
  }
  await listVendored(lists);
}

async function bytesOf(row: EngineRow): Promise<Uint8Array> {
  if (typeof row.take !== 'string') return row.take();
  return new Uint8Array(await readFile(join(NODE_MODULES, row.from, row.take)));
}

async function packageOf(name: string): Promise<{ readonly version: string; readonly licence: string }> {
  const { version, license } = JSON.parse(await readFile(join(NODE_MODULES, name, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
  };
  if (license === undefined) throw new Error(`${name} names no licence in its package.json`);
  return { version, licence: license };
}

async function licencesOf(rows: readonly EngineRow[]): Promise<Uint8Array> {
  const names = [...new Set(rows.flatMap((row) => [row.from, ...(row.also ?? [])]))].sort();
  const texts = await Promise.all(
    names.map(async (name) => {
      const { version, licence } = await packageOf(name);
      const text = licenceText(join(NODE_MODULES, name));
      if (text === null) throw new Error(`${name} ships no licence text; its licence must be added by hand`);
      return `${name} ${version} (${licence})\n\n${text}\n`;
    }),
  );
  return new TextEncoder().encode(texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** Writes only what differs, in one step: a build may be reading. */
async function place(path: string, bytes: Uint8Array): Promise<void> {
  const known = await readFile(path).catch(() => null);
  if (known && Buffer.compare(known, bytes) === 0) return;
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${String(process.pid)}.draft`;
  await writeFile(draft, bytes);
  await rename(draft, path);
}

/** Writes rows of public/vendored.json, a list a folder; other keys stay as they are. */
export async function listVendored(lists: ReadonlyMap<string, readonly object[]>): Promise<void> {
  const text = await readFile(VENDORED_LIST, 'utf8').catch(() => '{}');
  const whole = { ...(JSON.parse(text) as Record<string, readonly unknown[]>), ...Object.fromEntries(lists) };
  const rows = Object.entries(whole).map(
    ([name, entries]) =>
      ` ${JSON.stringify(name)}: [\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n ]`,
  );
  await place(VENDORED_LIST, new TextEncoder().encode(`{\n${rows.join(',\n')}\n}\n`));
}
