import { serveEngine, type WorkerScope } from '../../../src/runners/kit/worker/index.ts';
import { createLuaEngine } from '../../../src/runners/lua/worker/engine.ts';

/** The product's worker, offering more functions to programs. */
export function startWithFunctions(scope: WorkerScope): void {
  serveEngine(scope, (host) =>
    createLuaEngine(host, {
      add: {
        parameters: [
          { name: 'left', type: 'number' },
          { name: 'right', type: 'number' },
        ],
        returns: 'number',
        run: (left: number, right: number) => left + right,
      },
      join: {
        parameters: [
          { name: 'text', type: 'string' },
          { name: 'flag', type: 'boolean' },
        ],
        returns: 'string',
        run: (text: string, flag: boolean) => `${text} ${String(flag)}`,
      },
      nothing: { parameters: [], returns: 'nothing', run: () => 7 },
      same: {
        parameters: [{ name: 'value', type: 'any', isOptional: true }],
        returns: 'any',
        run: (value: unknown) => value,
      },
    }),
  );
}
