import type { ContractPrograms } from './contract-programs.ts';

const quoted = (text: string): string => JSON.stringify(text);

export const pythonPrograms: ContractPrograms = {
  language: 'python',
  print: 'import sys\nprint("one")\nprint("two")\nprint("oops", file=sys.stderr)',
  answer: '6 * 7',
  setVariable: 'kept = 7',
  readVariable: 'kept',
  fail: 'x = 1\n{}["missing"]',
  broken: 'for x in',
  endless: 'print("go", flush=True)\nwhile True: pass',
  stubborn: 'print("go", flush=True)\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass',
  exit: 'import sys\nsys.exit(3)',
  flood: 'line = "x" * 999\nwhile True: print(line)',
  hoard: 'held = []\nwhile True: held.append(bytearray(4_000_000))',
  greet: 'try: name = input("name? ")\nexcept EOFError: name = "nobody"\nprint("hello", name)',
  reach: 'from pyodide.http import pyfetch\nprint(await (await pyfetch("https://api.example.org/hello")).string())',
  figure: 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()',
  callHost: 'display([1])\nprint("called")',
  callHostWrong: null,
  write: (path, text) => `with open(${quoted(path)}, "w") as f: _ = f.write(${quoted(text)})`,
  read: (path) => `print(open(${quoted(path)}).read(), end="")`,
  awaitFile: (path) => `import os, time
print("waiting", flush=True)
while not os.path.exists(${quoted(path)}): time.sleep(0.01)
print(open(${quoted(path)}).read(), end="")`,
  rename: (from, to) => `import os\nos.rename(${quoted(from)}, ${quoted(to)})`,
  remove: (path) => `import os\nos.remove(${quoted(path)})`,
  replaceOpen: (path, text) =>
    `import os\nold = open(${quoted(path)}, "w")\n_ = old.write("old")\nold.flush()\nos.remove(${quoted(path)})
with open(${quoted(path)}, "w") as f: _ = f.write(${quoted(text)})\n_ = old.write("er")\nold.close()`,
  makeFolder: (path) => `import os\nos.mkdir(${quoted(path)})`,
  list: (path) => `import os\nprint("\\n".join(sorted(os.listdir(${quoted(path || '.')}))))`,
  writeBytes: (path, count) =>
    `with open(${quoted(path)}, "wb") as f: _ = f.write((bytes(range(251)) * ${Math.ceil(count / 251)})[:${count}])`,
  sumBytes: (path) => `held = open(${quoted(path)}, "rb").read()\nprint(len(held), sum(held))`,
  exceptions: {
    'a call of this product with a wrong type is an error of the language':
      'its functions show whatever they are given',
  },
};
