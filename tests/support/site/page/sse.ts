export interface SseEvent {
  readonly name: string | null;
  readonly data: string;
}

/** Cuts text into events; keeps what is unfinished. */
export class SseReader {
  #rest = '';
  #name: string | null = null;
  #lines: string[] = [];
  /** Complete events so far, which is what this site counts as `offset`. */
  count = 0;

  push(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    this.#rest += text;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (end === null) return events;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      this.#line(line, events);
    }
  }

  /** An item of the socket is whole by itself, often without its closing blank line. */
  finish(): SseEvent[] {
    return this.push('\n\n');
  }

  #line(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.#lines.length > 0) {
        events.push({ name: this.#name, data: this.#lines.join('\n') });
        this.count += 1;
      }
      this.#name = null;
      this.#lines = [];
    } else if (line.startsWith('event:')) {
      this.#name = line.slice(6).trim();
    } else if (line.startsWith('data:')) {
      this.#lines.push(line.slice(5).replace(/^ /, ''));
    }
  }
}
