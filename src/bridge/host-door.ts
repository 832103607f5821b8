import type { MethodPolicy } from '../contracts/doors/door.ts';
import { TERMINALS_PORT } from '../contracts/doors/terminals.ts';
import type { Numbered } from '../contracts/doors/stream.ts';
import { askBackground, connectPort, type RawPort } from '../platform/index.ts';
import { createDoorClient, type DoorClient, type DoorClientOptions, type WaitingCall } from './door-client.ts';
import type { DoorChecks } from './door-protocol.ts';

export interface HostDoorOptions {
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly connect?: () => RawPort;
  readonly ensureOther?: DoorClientOptions['ensureOther'];
}

interface HostDoor<Item extends Numbered> {
  readonly client: DoorClient<Item>;
  /** A function for each row of the policy, which takes the request. */
  readonly calls: Readonly<Record<string, (request: unknown) => ReturnType<DoorClient<Item>['call']>>>;
}

/** Whether a host that is started for this call may begin with Linux: of all engines, that one takes longest. */
const wantsShell = ({ method, body }: WaitingCall): boolean =>
  ['start', 'warm'].includes(method) && (body as { readonly language?: unknown }).language === 'shell';

/** The calling end of one of the host's doors, and its methods by the rows of their policy. After the signal all calls fail. */
export function openHostDoor<Item extends Numbered>(
  port: string,
  policy: object,
  checks: DoorChecks | undefined,
  options: HostDoorOptions,
): HostDoor<Item> {
  // Where there is no host there is no terminal: who asks for those opens one.
  const isForShell = (waiting: readonly WaitingCall[]): boolean => port === TERMINALS_PORT || waiting.some(wantsShell);
  const methods = policy as Readonly<Record<string, MethodPolicy>>;
  const client = createDoorClient<Item>({
    door: port,
    methods,
    checks,
    connect: options.connect ?? (() => connectPort(port)),
    ensureOther:
      options.ensureOther ??
      ((waiting) => askBackground(isForShell(waiting) ? 'ensure-host-for-shell' : 'ensure-host')),
    signal: options.signal,
  });
  const calls = Object.keys(methods).map((name) => [name, (request: unknown) => client.call(name, request)] as const);
  return { client, calls: Object.fromEntries(calls) };
}
