/** Arguments: folder of Pyodide, site-packages, JSON file with a list of `CompileJob`. */
import { readFile, writeFile } from 'node:fs/promises';
import { loadPyodideFrom } from '../heap/node-pyodide.ts';
import type { CompileJob } from './compile.ts';
import { decodeTree, encodeTree, type Tree } from './tree.ts';

const [pyodideFolder = '', sitePackages = '', jobsFile = ''] = process.argv.slice(2);

/**
 * Compiles with a hash that is never checked: no source lies beside the result. A file that the interpreter cannot
 * compile (templates named .py) stays as it is. Docstrings that are dropped become empty, not absent: packages append to
 * them when they are imported.
 * Every part of the code is held by a second reference while it is written: marshal marks what has more than one, and the
 * bytes must not depend on what this interpreter compiled before.
 */
const COMPILE = `
import ast, importlib._bootstrap_external as _external, _imp, types
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
PARTS = ("co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars", "co_filename", "co_name", "co_qualname",
    "co_linetable", "co_exceptiontable")
def without_docstrings(source):
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body[0].value.value = ""
    return tree
def hold(value, kept):
    kept.append(value)
    if isinstance(value, (tuple, frozenset)):
        for item in value: hold(item, kept)
    elif isinstance(value, types.CodeType):
        for name in PARTS: hold(getattr(value, name), kept)
def compile_source(path, source, docstrings):
    source = bytes(source)
    try:
        code = compile(without_docstrings(source) if docstrings == "dropped" else source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return None
    kept = []
    hold(code, kept)
    return _external._code_to_hash_pyc(code, _imp.source_hash(_external._RAW_MAGIC_NUMBER, source), False)
compile_source
`;

interface PythonBytes {
  toJs(): Uint8Array;
  destroy(): void;
}

const pyodide = await loadPyodideFrom(pyodideFolder);
const compileSource = pyodide.runPython(COMPILE) as (
  path: string,
  source: Uint8Array,
  docstrings: string,
) => PythonBytes | undefined;

for (const { source, target, docstrings } of JSON.parse(await readFile(jobsFile, 'utf8')) as CompileJob[]) {
  const compiled: Tree = new Map();
  for (const [path, contents] of decodeTree(new Uint8Array(await readFile(source)))) {
    const result = path.endsWith('.py')
      ? compileSource(`${sitePackages}/${path}`, contents.slice(), docstrings)
      : undefined;
    if (result === undefined) {
      compiled.set(path, contents);
    } else {
      compiled.set(`${path}c`, result.toJs().slice());
      result.destroy();
    }
  }
  await writeFile(target, encodeTree(compiled));
}
