import { serveEngine, type WorkerScope } from '../../../src/runners/kit/worker/index.ts';
import { createJavaScriptEngine } from '../../../src/runners/javascript/worker/engine.ts';

/** The product's worker, offering functions to programs. */
export function startWithFunctions(scope: WorkerScope): void {
  serveEngine(
    scope,
    createJavaScriptEngine({
      functions: {
        add: {
          parameters: [
            { name: 'left', type: 'number' },
            { name: 'right', type: 'number' },
          ],
          returns: 'number',
          run: (left: number, right: number) => left + right,
        },
        describe: {
          parameters: [{ name: 'value', type: 'any', isOptional: true }],
          returns: 'object',
          run: (value: unknown) => ({ value, list: [1, 'two', null] }),
        },
        refuse: {
          parameters: [],
          returns: 'nothing',
          run: () => {
            throw new RangeError('not today');
          },
        },
      },
    }),
  );
}
