import { Cookies } from './cookies.ts';
import { Area } from './kept-areas.ts';
import type { KeptArea, KeptState } from './messages.ts';

/** What one server's pages keep in a browser, cookies and storage; gone with the preview. */
export class Kept {
  readonly cookies: Cookies;
  readonly areas: Readonly<Record<KeptArea, Area>> = { local: new Area(), session: new Area() };

  constructor(origin: string) {
    this.cookies = new Cookies(origin);
  }

  /** For a page at this path as it begins. */
  async state(path: string): Promise<KeptState> {
    const { local, session } = this.areas;
    return { cookies: await this.cookies.visible(path), local: local.changes, session: session.changes };
  }
}
