import type { BoxWorker } from '../../contracts/box.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { AskNetwork, NetworkAnswer } from '../../contracts/network.ts';
import type { TerminalNews, ToWorker } from '../../contracts/runner-protocol.ts';
import type {
  EngineTerminal,
  TerminalEnd,
  TerminalEvents,
  TerminalRequest,
  TerminalSize,
} from '../../contracts/terminal.ts';
import { RunNetwork } from './run-network.ts';

const LEFT_RUNNING: NetworkAnswer = {
  code: 'not-allowed',
  error:
    'A program that was left running reaches the network only while a run or a terminal of its conversation is open.',
};

interface Open {
  readonly events: TerminalEvents;
  /** Output that came and was not worked through yet. */
  ahead: number;
}

/** The terminals of one session's engine. What its worker tells of them is hostile: it is counted and ends once. */
export class EngineTerminals {
  readonly #worker: Pick<BoxWorker, 'post' | 'close'>;
  readonly #open = new Map<number, Open>();
  #last = 0;
  /** Of the first one that is open. */
  #network: RunNetwork | null = null;

  constructor(worker: Pick<BoxWorker, 'post' | 'close'>) {
    this.#worker = worker;
  }

  /** For requests of no run. */
  get network(): Pick<RunNetwork, 'ask' | 'endOne'> {
    return this.#network ?? { ask: async () => JSON.stringify(LEFT_RUNNING), endOne: () => undefined };
  }

  open(size: TerminalSize, events: TerminalEvents, network?: AskNetwork): EngineTerminal {
    this.#network ??= network === undefined ? null : new RunNetwork(network);
    this.#last += 1;
    const id = this.#last;
    const terminal: Open = { events, ahead: 0 };
    const post = (request: TerminalRequest): void => {
      const message: ToWorker = { kind: 'terminal', id, request };
      this.#worker.post(message, { isAnswer: request.kind === 'taken' });
    };
    this.#open.set(id, terminal);
    post({ kind: 'open', ...size });
    return {
      send: (request) => {
        if (!this.#open.has(id)) return;
        if (request.kind === 'taken') terminal.ahead -= request.utf16;
        post(request);
      },
    };
  }

  /** `lost` for a machine that went back to its state: then the whole session is of no use. */
  take(id: number, news: TerminalNews): 'lost' | null {
    const terminal = this.#open.get(id);
    if (terminal === undefined) return null;
    if (news.kind === 'opened') terminal.events.onOpened(news.notice);
    else if (news.kind === 'output') this.#output(terminal, news.text);
    else this.#end(id, terminal, news);
    return news.kind === 'lost' ? 'lost' : null;
  }

  /** The engine is gone. */
  endAll(): void {
    for (const [id, terminal] of [...this.#open]) this.#end(id, terminal, { kind: 'lost' });
  }

  #output(terminal: Open, text: string): void {
    terminal.ahead += text.length;
    if (terminal.ahead > LIMITS.terminalForgedUtf16.standard) return this.#worker.close();
    terminal.events.onOutput(text);
  }

  #end(id: number, { events }: Open, end: TerminalEnd): void {
    this.#open.delete(id);
    if (this.#open.size === 0) {
      this.#network?.end();
      this.#network = null;
    }
    events.onEnd(end);
  }
}
