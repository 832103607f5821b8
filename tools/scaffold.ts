import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkWish, runnerEdits, runnerFiles } from './scaffold/runner-files.ts';

const USAGE = 'usage: node tools/scaffold.ts runner ID [--language LANGUAGE] [--into FOLDER]';

/** Makes the folder of a runner and what must name it. Refuses to write over anything. Paths are returned, from `root`. */
export function scaffoldRunner(root: string, wish: { readonly id: string; readonly language: string }): string[] {
  checkWish(wish);
  const files = runnerFiles(wish);
  const there = Object.keys(files).filter((path) => existsSync(join(root, path)));
  if (there.length > 0) throw new Error(`already there: ${there.join(', ')}`);
  const edits = runnerEdits(wish).map(
    ({ path, change }) => [path, change(readFileSync(join(root, path), 'utf8'))] as const,
  );
  for (const [path, text] of [...Object.entries(files), ...edits]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return [...Object.keys(files), ...edits.map(([path]) => path)];
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { language: { type: 'string' }, into: { type: 'string' } },
  });
  const [kind, id] = positionals;
  if (kind !== 'runner' || id === undefined || positionals.length !== 2) throw new Error(USAGE);
  const root = values.into ?? join(import.meta.dirname, '..');
  for (const path of scaffoldRunner(root, { id, language: values.language ?? id })) console.log(path);
  console.log('Next: CONTRIBUTING.md, "Add a runner", from step 2.');
}

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
