/** What hostile programs say in the places of this page, as it comes, for a test to ask. Nothing here gives up by itself. */
const ended: Record<string, Record<string, string>> = {};
const enough = Promise.withResolvers<void>();
const places: Promise<unknown>[] = [];

const note =
  (place: string) =>
  (route: string, how: string): void => {
    (ended[place] ??= {})[route] = how;
  };

const control = {
  ended,
  isOver: false,
  /** For a program of the page itself: `told` and `enough` of `hostile-program.js`. */
  note,
  enough: enough.promise,
  inPage(program: Promise<unknown>): void {
    places.push(program);
  },
  /** Each `beginMs` without a word another worker begins beside the first, `tries` in all: Firefox may hang in one. */
  inWorker(place: string, url: string, { beginMs, tries }: { beginMs: number; tries: number }): void {
    const told = note(place);
    const isOver = new Promise<void>((over) => {
      let begun = 0;
      const begin = (): void => {
        begun += 1;
        const worker = new Worker(url);
        // eslint-disable-next-line no-restricted-syntax -- of a worker that hangs, Firefox tells by no event
        const again = begun < tries ? setTimeout(begin, beginMs) : undefined;
        worker.onmessage = ({ data }: MessageEvent<'over' | [route: string, how: string]>) => {
          clearTimeout(again);
          if (data === 'over') over();
          else told(...data);
        };
        void enough.promise.then(() => {
          clearTimeout(again);
          worker.postMessage('enough');
        });
      };
      begin();
    });
    places.push(isOver);
  },
  /** The frame tells by itself how its route ended, or its second load is where it was led. */
  inFrame(place: string, route: string, url: string): void {
    const told = note(place);
    const frame = document.createElement('iframe');
    addEventListener('message', ({ data, source }: MessageEvent<[route: string, how: string]>) => {
      if (source === frame.contentWindow) told(...data);
    });
    let loads = 0;
    frame.onload = () => {
      loads += 1;
      if (loads === 2) told(route, 'OPEN led away');
    };
    frame.src = url;
    document.body.append(frame);
    places.push(
      enough.promise.then(() => {
        // One that is gone cannot say it.
        if (ended[place]?.[route] === undefined) told(route, 'silent');
      }),
    );
  },
  /** What has not ended yet is silent, and ends. */
  end(): void {
    enough.resolve();
    void Promise.all(places).then(() => (control.isOver = true));
  },
};

export type ControlPage = typeof control;
Object.assign(globalThis, { control });
