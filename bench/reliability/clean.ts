import { runRequest, textOf } from '../../tests/support/runs-client/index.ts';
import { benchRow, type BenchRow } from '../bench-row.ts';
import { inBrowser } from './in-browser.ts';

const CANARY = 'canary-7d1c0e55';

/** What a program may do to whatever it shares with the next conversation's. */
const POISONS: readonly string[] = [
  'import builtins\nbuiltins.print = lambda *a, **k: None',
  `import os\nos.environ["SECRET"] = "${CANARY}"`,
  `open("/mnt/data/secret.txt", "w").write("${CANARY}")`,
  `open("/tmp/secret.txt", "w").write("${CANARY}")\nopen("/home/pyodide/secret.py", "w").write("${CANARY}")`,
  `import sys, json\nsys.modules["json"].dumps = lambda *a, **k: "${CANARY}"`,
  `import sys, types\nsys.modules["poison"] = types.ModuleType("${CANARY}")\nsys.path.insert(0, "/mnt/data")`,
  `import companion_runtime\ncompanion_runtime.execute = lambda *a: "${CANARY}"`,
  'import sys\nsys.settrace(lambda *a: None)\nsys.setrecursionlimit(60)\nsys.stdout = None',
  `import pandas as pd, numpy as np\npd.DataFrame.sum = lambda self: "${CANARY}"\nnp.random.seed(1)`,
  `import js\nfor name in ("Array", "Object", "Map", "Promise"):\n    try: getattr(js, name).prototype.canary = "${CANARY}"\n    except Exception: pass`,
  'import gc, ctypes\nheld = [bytearray(5_000_000) for _ in range(10)]\nctypes.memset(id(None) + 4, 0, 1)',
  'import os\nos._exit(7)',
];

const LOOK = `import os, sys, json
seen = [sorted(os.listdir("/mnt/data")), os.path.exists("/tmp/secret.txt"), os.path.exists("/home/pyodide/secret.py")]
seen += [os.environ.get("SECRET"), json.dumps([1]), "poison" in sys.modules, sys.getrecursionlimit() > 500, "held" in globals()]
import js, pandas as pd
seen += [hasattr(js.Object.new(), "canary"), int(pd.DataFrame({"a": [1, 2]}).sum()["a"])]
print(json.dumps(seen))`;
const CLEAN = '[[], false, false, null, "[1]", false, true, false, false, 3]\n';

/** A fresh conversation after a hostile one finds nothing of it. */
export async function* clean(): AsyncGenerator<BenchRow> {
  const dirty = await inBrowser(async (client) => {
    const found: boolean[] = [];
    for (const [nth, code] of POISONS.entries()) {
      await client.run(runRequest(code, `hostile-${String(nth)}`, { limits: { timeMs: 20_000, memoryMB: 512 } }));
      const look = await client.run(runRequest(LOOK, `fresh-${String(nth)}`));
      const isClean = textOf(look, 'stdout') === CLEAN && !JSON.stringify(look.events).includes(CANARY);
      found.push(!isClean);
      for (const session of [`hostile-${String(nth)}`, `fresh-${String(nth)}`]) {
        await client.call('restartSession', { sessionId: `page:${session}` });
      }
    }
    return found;
  });
  yield benchRow({
    name: `reliability: fresh conversations with something of a hostile one, ${String(POISONS.length)} tried`,
    unit: 'conversations',
    samples: [dirty.filter(Boolean).length],
    budget: { p95: 0 },
  });
}
