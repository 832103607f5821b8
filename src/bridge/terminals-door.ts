import type { MethodPolicy } from '../contracts/doors/door.ts';
import { TERMINALS_ANSWERS, TERMINALS_ITEM, TERMINALS_POLICY } from '../contracts/doors/terminals-policy.ts';
import { TERMINALS_PORT, type TerminalsDoor } from '../contracts/doors/terminals.ts';
import type { NumberedTerminalEvent } from '../contracts/terminal.ts';
import { askBackground, connectPort, type RawPort } from '../platform/index.ts';
import { checksOf } from './door-checks.ts';
import { DoorClient } from './door-client.ts';

/** The door to terminals, for pages of the extension. After the signal all calls fail. */
export function connectTerminalsDoor(options: {
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly connect?: () => RawPort;
  readonly ensureOther?: () => Promise<unknown>;
}): TerminalsDoor {
  const methods = TERMINALS_POLICY as Readonly<Record<string, MethodPolicy>>;
  const client = new DoorClient<NumberedTerminalEvent>({
    door: TERMINALS_PORT,
    methods,
    checks: checksOf(TERMINALS_ANSWERS, TERMINALS_ITEM),
    connect: options.connect ?? (() => connectPort(TERMINALS_PORT)),
    ensureOther: options.ensureOther ?? (() => askBackground('ensure-host')),
    signal: options.signal,
  });
  const calls = Object.keys(methods).map((name) => [name, (request: unknown) => client.call(name, request)] as const);
  const watch: TerminalsDoor['watch'] = ({ terminalId, viewId, after, onEvent, onLost, signal }) => {
    const body = { terminalId, viewId, after };
    client.watch({ body, onItem: onEvent, onLost, signal });
  };
  // One row of the policy for each method.
  return { ...Object.fromEntries(calls), watch } as unknown as TerminalsDoor;
}
