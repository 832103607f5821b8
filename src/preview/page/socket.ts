import type { SocketEvent } from '../../contracts/preview.ts';
import { ownAddress } from '../own-address.ts';
import type { Desk } from './desk.ts';

type Slot = ((event: Event) => unknown) | null;

/** A `WebSocket` whose messages go by the frame's port; the handshake and the frames are the host's. */
export function installSockets(scope: Window & typeof globalThis, desk: Desk, origin: string): void {
  class PreviewSocket extends EventTarget {
    static readonly CONNECTING = 0;
    static readonly OPEN = 1;
    static readonly CLOSING = 2;
    static readonly CLOSED = 3;
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSING = 2;
    readonly CLOSED = 3;
    readonly url: string;
    readonly extensions = '';
    readonly bufferedAmount = 0;
    binaryType: BinaryType = 'blob';
    onopen: Slot = null;
    onmessage: Slot = null;
    onerror: Slot = null;
    onclose: Slot = null;
    protocol = '';
    readyState = 0;
    readonly #id: number;

    constructor(address: string | URL, protocols: string | readonly string[] = []) {
      super();
      const named = new URL(String(address), scope.document.baseURI);
      const url = ownAddress(named.href.replace(/^ws:/, 'http:'), origin, origin);
      if (!url) throw new DOMException('The preview reaches its own server only.', 'SecurityError');
      this.url = url.href.replace(/^http:/, 'ws:');
      const names = typeof protocols === 'string' ? [protocols] : [...protocols];
      this.#id = desk.openSocket(url.pathname + url.search, names, (event) => this.#take(event));
    }

    send(data: string | ArrayBuffer | Blob | ArrayBufferView): void {
      if (this.readyState === 0) throw new DOMException('Still in CONNECTING state.', 'InvalidStateError');
      if (this.readyState !== 1) return;
      if (data instanceof Blob) void data.arrayBuffer().then((buffer) => this.#send(new Uint8Array(buffer)));
      else if (ArrayBuffer.isView(data))
        this.#send(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice());
      else if (data instanceof ArrayBuffer) this.#send(new Uint8Array(data.slice(0)));
      else this.#send(`${data}`);
    }

    close(code: number | null = null, reason = ''): void {
      if (code !== null && code !== 1000 && (code < 3000 || code > 4999))
        throw new DOMException('The code must be 1000 or from 3000 to 4999.', 'InvalidAccessError');
      if (new TextEncoder().encode(reason).length > 123)
        throw new DOMException('The reason has more than 123 bytes.', 'SyntaxError');
      if (this.readyState > 1) return;
      this.readyState = 2;
      desk.tell({ op: 'socket-close', id: this.#id, code, reason });
    }

    #send(data: string | Uint8Array<ArrayBuffer>): void {
      if (desk.tell({ op: 'socket-send', id: this.#id, data })) return;
      desk.tell({ op: 'socket-close', id: this.#id, code: null, reason: '' });
      this.#take({ kind: 'closed', code: 1009, reason: 'the message is too large for the preview', wasClean: false });
    }

    #take(event: SocketEvent): void {
      if (this.readyState === 3) return;
      switch (event.kind) {
        case 'open':
          this.protocol = event.protocol;
          this.readyState = 1;
          return this.#fire(new Event('open'));
        case 'text':
          return this.#fire(new MessageEvent('message', { data: event.text, origin: this.url }));
        case 'bytes': {
          const bytes = new Uint8Array(event.bytes);
          const data = this.binaryType === 'blob' ? new Blob([bytes]) : bytes.buffer;
          return this.#fire(new MessageEvent('message', { data, origin: this.url }));
        }
        case 'closed': {
          const { code, reason, wasClean } = event;
          this.readyState = 3;
          if (!wasClean) this.#fire(new Event('error'));
          return this.#fire(new CloseEvent('close', { code, reason, wasClean }));
        }
      }
    }

    #fire(event: Event): void {
      const slot = { open: this.onopen, message: this.onmessage, error: this.onerror, close: this.onclose }[event.type];
      if (slot) this.addEventListener(event.type, slot, { once: true });
      this.dispatchEvent(event);
    }
  }
  Object.defineProperty(scope, 'WebSocket', { value: PreviewSocket, configurable: true, writable: true });
}
