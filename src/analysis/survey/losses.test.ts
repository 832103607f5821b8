import { describe, expect, test } from 'vitest';
import type { Analysis } from '../../contracts/analysis.ts';
import { createAnalyser } from '../analyse.ts';

const unavailable = { status: 'unavailable', package: 'torch', install: false, why: 'Why.', instead: [] } as const;
const analyser = createAnalyser({
  packages: {
    python: {
      torch: unavailable,
      ujson: { ...unavailable, package: 'ujson' },
      pandas: { status: 'bundled', package: 'pandas' },
      sklearn: { status: 'bundled', package: 'scikit-learn' },
    },
    javascript: {},
    lua: {},
  },
});
const read = (label: string, code: string): Analysis => analyser.analyse({ code, label });
const rulesOf = (label: string, code: string): string[] => read(label, code).unsafe.map(({ rule }) => rule);

describe('what destroys the files of a person', () => {
  test.each([
    ['shell', 'rm -rf results'],
    ['shell', 'rm -r *.csv'],
    ['shell', 'find . -name "*.csv" -delete'],
    ['shell', 'git clean -fdx'],
    ['shell', 'sort names.txt > names.txt'],
    ['shell', 'truncate -s 0 sales.csv'],
    ['python', 'import shutil\nshutil.rmtree("/mnt/data/photos")'],
    ['python', 'import os\nfor name in os.listdir("."):\n    os.remove(name)'],
    ['python', 'from pathlib import Path\nfor path in Path("photos").glob("*.jpg"):\n    path.unlink()'],
    ['python', 'import sqlite3\ndb = sqlite3.connect("shop.db")\ndb.execute("DROP TABLE orders")'],
    ['python', 'import sqlite3\nsqlite3.connect("shop.db").executescript("""\n  delete from orders;\n""")'],
    ['python', 'import sqlite3\nsqlite3.connect("shop.db").execute("UPDATE orders SET paid = 1")'],
    ['python', 'import pandas as pd\nt = pd.read_csv("a.csv")\nt.dropna().to_csv("/mnt/data/a.csv")'],
    [
      'python',
      'with open("a.txt") as f:\n    text = f.read()\nwith open("a.txt", "w") as f:\n    f.write(text.upper())',
    ],
    ['python', '!rm -rf /mnt/data/old'],
    ['python', '%%bash\nrm -rf photos'],
    ['javascript', 'const fs = require("fs");\nfs.rmSync("photos", { recursive: true });'],
    ['javascript', 'import fs from "node:fs";\nfor (const name of fs.readdirSync(".")) fs.unlinkSync(name);'],
    ['javascript', 'const fs = require("fs");\nfs.writeFileSync("a.txt", fs.readFileSync("a.txt", "utf8").trim());'],
  ])('is high: %s %j', (label, code) => {
    expect(read(label, code).band).toBe('high');
  });

  test.each([
    ['shell', 'sort names.txt > sorted.txt'],
    ['shell', 'git clean -n'],
    ['python', 'import sqlite3\ndb = sqlite3.connect(":memory:")\ndb.execute("DROP TABLE IF EXISTS t")'],
    ['python', 'import sqlite3\ndb = sqlite3.connect("shop.db")\ndb.execute("DELETE FROM orders WHERE id = ?", (3,))'],
    ['python', 'import pandas as pd\nt = pd.read_csv("a.csv")\nt.to_csv("clean.csv")'],
    ['python', 'import pandas as pd\npd.DataFrame().to_csv("a.csv")\nprint(pd.read_csv("a.csv"))'],
    [
      'python',
      'import shutil, tempfile\nfolder = tempfile.mkdtemp()\nshutil.rmtree(folder) if folder.startswith("/tmp") else None',
    ],
    ['python', 'text = "DROP TABLE orders is how a table goes"\nprint(text)'],
  ])('is not: %s %j', (label, code) => {
    const { unsafe } = read(label, code);
    const losses = ['deletes-many', 'loses-rows', 'overwrites-input', 'sh-clean'];
    expect(unsafe.map(({ rule }) => rule).filter((rule) => losses.includes(rule))).toEqual([]);
  });
});

describe('hidden text', () => {
  test.each([
    ['python', 'level = "user\u202E \u2066# nobody\u2069 \u2066"\nprint(level)'],
    ['javascript', '/* \u202E } \u2066 if (isAdmin) \u2069 */\nrun()'],
    ['shell', 'echo "\u202Egnp.exe"'],
    ['python', 'x\u3164 = 1'],
  ])('is high: %s %j', (label, code) => {
    expect(rulesOf(label, code)).toContain('hidden-text');
    expect(read(label, code).band).toBe('high');
  });

  test.each([
    ['python', 'tot\u0430l = 1\ntotal = 2\nprint(tot\u0430l)'],
    ['javascript', 'const \u0441ору = 1, copy = 2;'.replace('\u0441ору', '\u0441\u043E\u0440\u0443')],
    ['python', '\u{1D41E}\u{1D42F}\u{1D41A}\u{1D425}("1 + 1")'],
    ['javascript', 'const na\u200Dme = 1;'],
  ])('is a name that looks like another: %s %j', (label, code) => {
    expect(rulesOf(label, code)).toContain('look-alike');
  });

  test.each([
    ['python', '\u03B1 = 0.05\n\u0394x = 2\n\u03C1_air = 1.2\nprint(\u03B1 * \u0394x)'],
    ['python', '\u0438\u043C\u044F = "a"\nprint(\u0438\u043C\u044F)'],
    ['python', 'print("\u05E9\u05DC\u05D5\u05DD", "c\u0430t")  # c\u0430t'],
    ['javascript', 'const na\u00EFve = "\u200F\u0645";'],
  ])('is not: %s %j', (label, code) => {
    expect(rulesOf(label, code).filter((rule) => rule === 'hidden-text' || rule === 'look-alike')).toEqual([]);
  });
});

describe('imports', () => {
  test.each([
    'try:\n    import torch\nexcept ImportError:\n    torch = None',
    'try:\n    import ujson as json\nexcept (ImportError, AttributeError):\n    import json',
    'try:\n    import torch\nexcept:\n    pass',
    'import importlib.util\nif importlib.util.find_spec("torch"):\n    import torch',
    'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch',
    'import typing as t\nif t.TYPE_CHECKING:\n    from torch import Tensor',
  ])('that the code goes on without are not missing: %j', (code) => {
    expect(read('python', code).missing).toEqual([]);
  });

  test.each([
    'try:\n    import torch\nexcept ImportError:\n    raise SystemExit("install torch")',
    'try:\n    import torch\nexcept ValueError:\n    torch = None',
    'try:\n    import torch\nexcept ImportError:\n    torch = None\nimport torch.nn',
  ])('that it needs all the same are: %j', (code) => {
    expect(read('python', code).missing).toEqual(['torch']);
  });

  test.each([
    'import type { Request } from "express";',
    'import { type A, type B as C } from "left-pad";',
    'export type { A } from "a";',
    'export type * from "a";',
  ])('of types alone are none: %s', (code) => {
    expect(read('typescript', code).imports).toEqual([]);
  });

  test('of a value beside a type is one', () => {
    expect(read('typescript', 'import { type A, b } from "left-pad"; b();').imports).toEqual(['left-pad']);
    expect(read('typescript', 'import type, { a } from "left-pad"; a(type);').imports).toEqual(['left-pad']);
  });
});

describe('lines of a notebook', () => {
  test.each([
    ['%pip install nowhere-known', ['pypi.org']],
    ['!pip3 install -q "nowhere-known>=2" pandas', ['pypi.org']],
    ['!python -m pip install nowhere_known', ['pypi.org']],
    ['%pip install pandas scikit-learn', []],
    ['!curl -s https://example.com/a.csv -o a.csv', ['example.com']],
    ['lines = !wget -qO- https://example.com/a', ['example.com']],
    ['%%sh\ncurl https://example.com/a', ['example.com']],
    ['text = """\n!curl https://example.com\n"""', []],
    ['x = (1\n% 2)', []],
  ])('%j reach %j', (code, hosts) => {
    expect(read('python', code).network.map(({ host }) => host)).toEqual(hosts);
  });

  test('are no Python, and what stands around them is', () => {
    const { imports, syntaxErrors, fileAccess } = read(
      'python',
      '%matplotlib inline\nimport pandas as pd\nfor i in range(2):\n    !echo "{i}" >> log.txt\nif True:\n    %time pd.DataFrame()\n',
    );
    expect([imports, syntaxErrors, fileAccess]).toEqual([['pandas'], [], 'write']);
    expect(read('python', '%%writefile app.py\nfrom x import (\n').fileAccess).toBe('write');
    expect(read('python', '%%html\n<b>bold</b>').syntaxErrors).toEqual([]);
  });
});
