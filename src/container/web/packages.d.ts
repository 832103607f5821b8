// Packages without types, as far as they are used here.

declare module 'bare-http-parser' {
  type HttpEvent =
    | {
        readonly type: 2;
        readonly code: number;
        readonly reason: string;
        /** By names in lower case; lines of one name joined by ', ', those of `set-cookie` in a list. */
        readonly headers: Readonly<Record<string, string | readonly string[]>>;
      }
    | { readonly type: 3; readonly data: Uint8Array }
    | { readonly type: 1 | 4 };

  /** Reads messages as they come. Its methods throw an Error with a `code` at what is no HTTP/1.x, and from then on. */
  class HttpParser {
    static readonly constants: { readonly REQUEST: 1; readonly RESPONSE: 2; readonly DATA: 3; readonly END: 4 };
    constructor(options: { readonly maxHeaderSize: number; readonly maxHeadersCount: number });
    /** The next answer has no body, whatever its headers say. */
    skipBody(): void;
    push(bytes: Uint8Array): Generator<HttpEvent>;
    /** No more comes. */
    end(): Generator<HttpEvent>;
    /** What came after `101 Switching Protocols`. */
    drain(): Uint8Array;
  }
  namespace HttpParser {
    export type { HttpEvent };
  }
  export = HttpParser;
}

declare module 'websocket-driver/lib/websocket/driver/hybi' {
  /** One end of a websocket over any stream of bytes: RFC 6455 without its extensions. */
  class Hybi {
    /** `request`: the other end's, as Node has it. `masking`: frames go out as a client's do. */
    constructor(
      request: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
      url: string,
      options: { readonly masking: boolean; readonly requireMasking: boolean; readonly maxLength: number },
    );
    readonly io: { on(event: 'data', listener: (bytes: Uint8Array) => void): void; write(bytes: Uint8Array): void };
    on(event: 'message', listener: (event: { readonly data: string | Uint8Array }) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
    /** Answers the request; it is open from then on. */
    start(): boolean;
    text(message: string): boolean;
    binary(message: Uint8Array): boolean;
    /** Says that it ends; what the other end says to that is a `close`. */
    close(reason: string, code?: number): boolean;
  }
  export = Hybi;
}
