/** Arguments: folder of Pyodide, site-packages, tree of sources, place for the compiled tree. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { loadPyodideFrom } from '../heap/node-pyodide.ts';
import { decodeTree, encodeTree, type Tree } from './tree.ts';

const [pyodideFolder = '', sitePackages = '', source = '', target = ''] = process.argv.slice(2);

/**
 * Compiles with a hash that is never checked: no source lies beside the result. A file that the interpreter cannot
 * compile (templates named .py) stays as it is.
 */
const COMPILE = `
import importlib._bootstrap_external as _external, _imp
def compile_source(path, source):
    source = bytes(source)
    try:
        code = compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    return _external._code_to_hash_pyc(code, _imp.source_hash(_external._RAW_MAGIC_NUMBER, source), False)
compile_source
`;

const pyodide = await loadPyodideFrom(pyodideFolder);
const compileSource = pyodide.runPython(COMPILE) as (path: string, source: Uint8Array) => PythonBytes | undefined;
interface PythonBytes {
  toJs(): Uint8Array;
  destroy(): void;
}

const compiled: Tree = new Map();
for (const [path, contents] of decodeTree(new Uint8Array(await readFile(source)))) {
  if (!path.endsWith('.py')) {
    compiled.set(path, contents);
    continue;
  }
  const result = compileSource(`${sitePackages}/${path}`, contents.slice());
  if (result === undefined) {
    compiled.set(path, contents);
    continue;
  }
  compiled.set(`${path}c`, result.toJs().slice());
  result.destroy();
}
await writeFile(target, encodeTree(compiled));
await rm(source);
