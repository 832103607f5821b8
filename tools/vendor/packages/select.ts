import type { Tree } from './tree.ts';

const DROPPED_ENDINGS =
  /\.(pyi|pyx|pxd|pxi|c|cc|cpp|h|hpp|a|lib|f|f90|f2py_f2cmap|pyf|src|build|in|typed|md|rst|orig)$/;
const TEST_FOLDER = /(^|\/)(tests?|_pytest_tests)\//;
/**
 * Looks like a test or a text and is not: numpy.testing and pandas.testing read these at run time, sympy.testing is an API,
 * scikit-learn's data sets read their descriptions.
 */
const KEPT =
  /^(sklearn\/datasets\/descr\/|numpy\/_core\/tests\/(__init__|_natype)\.py|pandas\/_testing\/|sympy\/testing\/|numpy\/testing\/(?!tests\/))/;
const DROPPED = [
  // C API and build helpers, of no use without a compiler.
  /^numpy\/(_core\/include|core\/include|f2py\/(src|tests)|distutils)\//,
  /^numpy\/(_pyinstaller|_build_utils|doc)\//,
  /^numpy\/_core\/(_multiarray_tests|_umath_tests|_rational_tests|_struct_ufunc_tests|_operand_flag_tests|_simd)\./,
  /^matplotlib\/(testing\/jpl_units|backends\/(_backend_gtk|backend_(gtk|qt|wx|macosx|tk|cairo|nbagg|webagg\.)|_backend_tk|qt_|web_backend))/,
  /^(bin|share|etc)\//,
  /\/__pycache__\//,
  /x86_64-linux-gnu\.so$/,
];

/** Whether a file of a package ships. */
export function isKept(path: string): boolean {
  if (/\.(dist|egg)-info\//.test(path)) return /\/(METADATA|PKG-INFO|entry_points\.txt)$/.test(path);
  if (KEPT.test(path)) return true;
  return !TEST_FOLDER.test(path) && !DROPPED_ENDINGS.test(path) && !DROPPED.some((pattern) => pattern.test(path));
}

/** Drops what does not ship, and the long description from each package's metadata. */
export function selectFiles(tree: Tree, drop: readonly RegExp[] = []): Tree {
  const kept: Tree = new Map();
  for (const [path, contents] of tree) {
    if (!isKept(path) || drop.some((pattern) => pattern.test(path))) continue;
    kept.set(path, /\/(METADATA|PKG-INFO)$/.test(path) ? headersOnly(contents) : contents);
  }
  return kept;
}

function headersOnly(metadata: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(metadata);
  const end = text.indexOf('\n\n');
  return new TextEncoder().encode(end < 0 ? text : `${text.slice(0, end)}\n`);
}

/** Names that `import` finds in a tree: top-level modules and packages, without private ones and metadata. */
export function topLevelModules(tree: Tree): string[] {
  const modules = new Set<string>();
  for (const path of tree.keys()) {
    const [first = '', second] = path.split('/');
    if (second !== undefined) {
      if (!first.includes('.') && !first.includes('-') && /\.(pyc?|so)$/.test(path)) modules.add(first);
      continue;
    }
    const match = /^([A-Za-z_]\w*)(\.cpython-[^.]*)?\.(pyc?|so)$/.exec(first);
    if (match?.[1] !== undefined) modules.add(match[1]);
  }
  return [...modules].sort();
}

/** Version in the metadata of a tree, or null. */
export function metadataVersion(tree: Tree): string | null {
  for (const [path, contents] of tree) {
    if (!/\/(METADATA|PKG-INFO)$/.test(path) && !path.endsWith('.egg-info')) continue;
    const match = /^Version: (\S+)/m.exec(new TextDecoder().decode(contents));
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}
