import { zipSync } from 'fflate';
import type { Answer } from '../loopback-server.ts';
import { sha256 } from '../../../tools/vendor/digest.ts';
import { type LockedPackages, pinned, readLock } from '../../../tools/vendor/packages/from-url.ts';
import { readPackSpecs } from '../../../tools/vendor/packages/spec.ts';

/** What stands in the wheels, by package: small Python that needs what the real packages need. */
const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  scipy: {
    'scipy/__init__.py': 'import numpy\n__version__ = "stub"\n',
    'scipy/linalg/__init__.py': 'from numpy.linalg import det\n',
    'scipy-1.14.1.dist-info/LICENSE.txt': 'Licence of SciPy.\n',
  },
  'scikit-learn': {
    'sklearn/__init__.py': 'import joblib, scipy, threadpoolctl\n',
    'sklearn/datasets/__init__.py':
      'from importlib.resources import files\ndescription = files(__name__).joinpath("descr/iris.rst").read_text()\n',
    'sklearn/datasets/descr/iris.rst': 'Iris plants',
  },
  threadpoolctl: { 'threadpoolctl.py': '' },
  // joblib uses these when it finds the module.
  lzma: {
    'lzma.py': 'from _lzma import *\n',
    '_lzma.py': 'from io import BytesIO as LZMAFile\nFORMAT_ALONE = FORMAT_XZ = 1\n',
  },
};

export interface StubPack {
  /** By the names that Pyodide's lock file has. */
  readonly wheels: Map<string, Uint8Array>;
  /** Pyodide's lock file, with the hashes of these wheels. */
  readonly lock: LockedPackages;
}

/** Wheels named as those of the science pack are, of pure Python. */
export async function stubPack(): Promise<StubPack> {
  const lock = await readLock();
  const wheels = new Map<string, Uint8Array>();
  const rows = pinned(await readPackSpecs(), lock).map(({ spec, locked }) => {
    const files = Object.entries(FILES[spec.name] ?? {}).map(([path, text]) => [path, new TextEncoder().encode(text)]);
    const wheel = zipSync(Object.fromEntries(files) as Record<string, Uint8Array>);
    wheels.set(locked.file_name, wheel);
    return [locked.name, { ...locked, sha256: sha256(wheel) }] as const;
  });
  return { wheels, lock: { ...lock, ...Object.fromEntries(rows) } };
}

/** Answers as a plain server of files does. */
export function answerWith(wheels: ReadonlyMap<string, Uint8Array>): Answer {
  return ({ path }, response) => {
    const bytes = wheels.get(decodeURIComponent(path.slice('/wheels/'.length)));
    response.writeHead(bytes ? 200 : 404).end(bytes);
  };
}
