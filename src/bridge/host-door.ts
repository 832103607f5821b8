import type { MethodPolicy } from '../contracts/doors/door.ts';
import type { Numbered } from '../contracts/doors/stream.ts';
import { askBackground, connectPort, type RawPort } from '../platform/index.ts';
import { createDoorClient, type DoorClient } from './door-client.ts';
import type { DoorChecks } from './door-protocol.ts';

export interface HostDoorOptions {
  readonly signal: AbortSignal;
  /** For tests; the browser's own otherwise. */
  readonly connect?: () => RawPort;
  readonly ensureOther?: () => Promise<unknown>;
}

interface HostDoor<Item extends Numbered> {
  readonly client: DoorClient<Item>;
  /** A function for each row of the policy, which takes the request. */
  readonly calls: Readonly<Record<string, (request: unknown) => ReturnType<DoorClient<Item>['call']>>>;
}

/** The calling end of one of the host's doors, and its methods by the rows of their policy. After the signal all calls fail. */
export function openHostDoor<Item extends Numbered>(
  port: string,
  policy: object,
  checks: DoorChecks | undefined,
  options: HostDoorOptions,
): HostDoor<Item> {
  const methods = policy as Readonly<Record<string, MethodPolicy>>;
  const client = createDoorClient<Item>({
    door: port,
    methods,
    checks,
    connect: options.connect ?? (() => connectPort(port)),
    ensureOther: options.ensureOther ?? (() => askBackground('ensure-host')),
    signal: options.signal,
  });
  const calls = Object.keys(methods).map((name) => [name, (request: unknown) => client.call(name, request)] as const);
  return { client, calls: Object.fromEntries(calls) };
}
