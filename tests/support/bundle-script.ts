import { build } from 'esbuild';

const made = new Map<string, Promise<string>>();

/** A source file with all it imports as one script, to be evaluated in a page; bundled once. `entry` is absolute. */
export function bundleScript(entry: string): Promise<string> {
  const known = made.get(entry);
  if (known) return known;
  const script = build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  }).then((built) => built.outputFiles[0]?.text ?? '');
  made.set(entry, script);
  return script;
}
