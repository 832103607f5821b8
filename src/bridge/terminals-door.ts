import { TERMINALS_ANSWERS, TERMINALS_ITEM, TERMINALS_POLICY } from '../contracts/doors/terminals-policy.ts';
import { TERMINALS_PORT, type TerminalsDoor } from '../contracts/doors/terminals.ts';
import type { NumberedTerminalEvent } from '../contracts/terminal.ts';
import { checksOf } from './door-checks.ts';
import { type HostDoorOptions, openHostDoor } from './host-door.ts';

/** The door to terminals, for pages of the extension. After the signal all calls fail. */
export function connectTerminalsDoor(options: HostDoorOptions): TerminalsDoor {
  const checks = checksOf(TERMINALS_ANSWERS, TERMINALS_ITEM);
  const { client, calls } = openHostDoor<NumberedTerminalEvent>(TERMINALS_PORT, TERMINALS_POLICY, checks, options);
  const watch: TerminalsDoor['watch'] = ({ terminalId, viewId, after, onEvent, onLost, signal }) => {
    const body = { terminalId, viewId, after };
    client.watch({ body, onItem: onEvent, onLost, signal });
  };
  // One row of the policy for each method.
  return { ...calls, watch } as unknown as TerminalsDoor;
}
