import { expect, test } from 'vitest';
import { openAnalyser } from '../../../tools/analyse/open-analyser.ts';

const analyser = openAnalyser();
const purity = (label: string, code: string) => analyser.analyse({ code, label }).purity;

test.each([
  ['python', 'from datetime import datetime as d\nprint(d.utcnow())'],
  ['python', 'import numpy as np\nprint(np.random.default_rng().random())'],
  ['python', 'print(hash("a"), id(3))'],
  ['python', 'import io\nprint(io.FileIO("x").read())'],
  ['python', 'import pickle\nprint(pickle.loads(b"x"))'],
  ['python', 'import os\nprint(getattr(os, "get" + x)())'],
  ['python', 'import os\nf = "getcwd"\nprint(getattr(os, f)())'],
  ['python', 'print({"a", "b"})'],
  ['python', 'print(sorted(x for x in y))'],
  ['python', 'def f():\n    x = 1\nprint(x)'],
  ['python', 'for i in range(0):\n    x = 1\nprint(x)'],
  ['python', 'print(_)'],
  ['python', 'exec("x = 1")'],
  ['python', 'print(sum(n for n in [1]))\nprint(n)'],
  ['python', 'import numpy as np\nprint(np.datetime64("now"))'],
  ['javascript', 'const { random: r } = Math\nconsole.log(r())'],
  ['javascript', 'const k = "ran" + x; console.log(Math[k]())'],
  ['javascript', 'console.log(Reflect.get(Math, "random")())'],
  ['javascript', 'console.log(this.Date.now())'],
  ['javascript', 'console.log((function () { return this })().Date.now())'],
  ['javascript', 'console.log(import.meta.url)'],
  ['javascript', 'console.log(x)'],
  ['javascript', 'console.log(new Error("x").stack)'],
  ['javascript', 'console.log((1.5).toLocaleString())'],
  ['javascript', 'declare const x: number; console.log(x)'],
  ['lua', 'print(math["random"]())'],
  ['lua', 'local m = math\nprint(m.random())'],
  ['lua', 'local k = "random"\nfor _, n in ipairs({k}) do print(math[n]()) end'],
  ['lua', 'print(io.stdin:read())'],
  ['lua', 'for k in pairs({a = 1}) do print(k) end'],
  ['lua', 'print(os.time())'],
  ['shell', 'echo $RANDOM'],
  ['shell', 'echo *'],
  ['shell', 'echo x > /tmp/x'],
  ['shell', 'read x'],
  ['ruby', 'puts 1'],
])('%s is not proved pure: %s', (label, code) => {
  expect(purity(label, code)).toMatchObject({ isPure: false });
});

test.each([
  ['python', 'import math, json\nprint(json.dumps({"a": math.sqrt(2)}))', true],
  ['python', 'x = [i * i for i in range(3)]\nprint(sum(v for v in x))', true],
  ['javascript', 'const xs = [3, 1]; console.log(Math.max(...xs), xs.map((x) => x * 2))', true],
  ['python', 'print(sum(n * n for n in range(10)), [k for k in range(3)])', false],
  ['python', 'print([(size := n) for n in [1]])', true],
  ['javascript', 'console.log(1 + 1)', false],
  ['lua', 'local t = {3, 1}\ntable.sort(t)\nio.write(t[1], math.floor(2.5))', true],
  ['shell', 'x=1\necho "$((x + 1))"', false],
])('%s is proved pure: %s', (label, code, leavesNames) => {
  expect(purity(label, code)).toEqual({ isPure: true, leavesNames });
});
