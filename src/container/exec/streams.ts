import { fail, ok, type Result } from '../../base/index.ts';
import type { Channel, Party } from '../channel/channel.ts';
import type { GuestMessage } from '../channel/messages.ts';
import { numbers, portRequest } from '../channel/requests.ts';
import { InputWindow, OutputCredit, type TakeOutput } from './windows.ts';

/** A TCP connection inside the guest, with this end at the host. */
export interface GuestStream {
  /** Resolves when the bytes are on their way; wait for it before more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends no more; the guest may go on. */
  end(): void;
  /** Ends it both ways at once. */
  destroy(): void;
  /** The guest sends no more; false when the machine was lost. */
  readonly guestEnded: Promise<boolean>;
}

/** Why there is no connection: an errno of the guest (111: nobody listens there), or no guest. */
export type StreamFailure = { readonly kind: 'errno'; readonly errno: number } | { readonly kind: 'lost' };

class RunningStream implements Party, GuestStream {
  readonly guestEnded: Promise<boolean>;
  readonly opened: Promise<Result<GuestStream, StreamFailure>>;
  readonly #channel: Channel;
  readonly #take: TakeOutput;
  readonly #input: InputWindow;
  readonly #credit: OutputCredit;
  readonly #id: number;
  #onOpened: (result: Result<GuestStream, StreamFailure>) => void = () => undefined;
  #onGuestEnded: (byItself: boolean) => void = () => undefined;

  /** `id`: of a connection that the guest made. */
  constructor(channel: Channel, take: TakeOutput, id?: number) {
    this.#channel = channel;
    this.#take = take;
    this.#id = id ?? channel.join(this);
    this.#input = new InputWindow(
      (bytes) => channel.send('D', this.#id, bytes),
      () => channel.send('F', this.#id),
    );
    this.#credit = new OutputCredit((bytes) => channel.send('W', this.#id, numbers(bytes)));
    this.opened = new Promise((resolve) => (this.#onOpened = resolve));
    this.guestEnded = new Promise((resolve) => (this.#onGuestEnded = resolve));
  }

  connect(port: number): void {
    this.#channel.send('C', this.#id, portRequest(port));
  }

  receive(message: GuestMessage): boolean {
    switch (message.kind) {
      case 'opened':
        if (message.errno === 0) this.#onOpened(ok(this));
        else this.#leave(message.errno);
        return true;
      case 'refused':
        this.#leave(message.errno);
        return true;
      case 'received':
        return this.#credit.pass(message.bytes, this.#take);
      case 'taken':
        return this.#input.taken(message.bytes);
      case 'closed':
        if (message.isOver) this.#leave(null);
        else this.#onGuestEnded(true);
        return true;
      default:
        return false;
    }
  }

  lose(): void {
    this.#onGuestEnded(false);
    this.#onOpened(fail({ kind: 'lost' }));
    this.#input.drop();
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#input.write(bytes);
  }

  end(): void {
    this.#input.close();
  }

  destroy(): void {
    this.#channel.send('K', this.#id);
    this.#leave(null);
  }

  #leave(errno: number | null): void {
    this.#channel.leave(this.#id);
    this.#input.drop();
    this.#onOpened(fail(errno === null ? { kind: 'lost' } : { kind: 'errno', errno }));
    this.#onGuestEnded(true);
  }
}

/** Connects to a port of the guest's 127.0.0.1. What it sends goes to `take`, from before this resolves on. */
export function connectStream(
  channel: Channel,
  port: number,
  take: TakeOutput,
): Promise<Result<GuestStream, StreamFailure>> {
  const stream = new RunningStream(channel, take);
  stream.connect(port);
  return stream.opened;
}

/** Answers a connection with the function that takes what the guest sends on it. */
export type OnConnection = (stream: GuestStream) => TakeOutput;

/** Listens on a port of the guest's 127.0.0.1; resolves to what ends that. Connections that stand go on. */
export function listenInGuest(
  channel: Channel,
  port: number,
  onConnection: OnConnection,
): Promise<Result<() => void, StreamFailure>> {
  return new Promise((resolve) => {
    const close = (): void => {
      channel.send('K', id);
      channel.leave(id);
    };
    const refuse = (errno: number): boolean => {
      channel.leave(id);
      resolve(fail({ kind: 'errno', errno }));
      return true;
    };
    const id = channel.join({
      receive: (message) => {
        if (message.kind === 'opened' && message.errno === 0) resolve(ok(close));
        else if (message.kind === 'opened' || message.kind === 'refused') return refuse(message.errno);
        else if (message.kind !== 'accepted') return false;
        else return accept(channel, message.connection, onConnection);
        return true;
      },
      lose: () => resolve(fail({ kind: 'lost' })),
    });
    channel.send('L', id, portRequest(port));
  });
}

function accept(channel: Channel, id: number, onConnection: OnConnection): boolean {
  let take: TakeOutput = () => undefined;
  const stream = new RunningStream(channel, (bytes) => take(bytes), id);
  if (!channel.adopt(id, stream)) return false;
  take = onConnection(stream);
  return true;
}
