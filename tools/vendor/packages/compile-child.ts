/** Arguments: folder of Pyodide, site-packages, tree of sources, place for the compiled tree, `kept` or `dropped` docstrings. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { loadPyodideFrom } from '../heap/node-pyodide.ts';
import { decodeTree, encodeTree, type Tree } from './tree.ts';

const [pyodideFolder = '', sitePackages = '', source = '', target = '', docstrings = ''] = process.argv.slice(2);

/**
 * Compiles with a hash that is never checked: no source lies beside the result. A file that the interpreter cannot
 * compile (templates named .py) stays as it is.
 */
const COMPILE = `
import ast, importlib._bootstrap_external as _external, _imp
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            # Empty, not gone: packages append to their docstrings when they are imported.
            node.body[0].value.value = ""
    return tree
def compile_source(path, source):
    source = bytes(source)
    try:
        tree = ast.parse(source)
        if ${docstrings === 'dropped' ? 'True' : 'False'}: tree = without_docstrings(tree)
        code = compile(tree, path, "exec", dont_inherit=True)
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
