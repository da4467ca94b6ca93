/** Questions offered while one is typed: asked of the server after a pause, never at once. */

import { length } from "./points.js";

const LEAST = 2; // code points
const MOST = 40; // a longer text is a story, which no suggestion holds
const SHOWN = 5;
const PAUSE = 250; // milliseconds

/** Whether `typed` may be sent to look for suggestions: neither too short nor like a number of somebody. */
export function worth(typed: string): boolean {
  const points = length(typed);
  return points >= LEAST && points <= MOST && !/\n|[\d０-９]{6}/.test(typed);
}

export class Offers {
  /** What is offered now; empty where the list is closed. */
  items: readonly string[] = [];
  /** Which of them is chosen, -1 for none. */
  at = -1;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typed = "";

  /** `find` asks the server; `changed` is called when the list is another. */
  constructor(
    private readonly find: (typed: string) => Promise<string[]>,
    private readonly changed: () => void,
    private readonly pause = PAUSE,
  ) {}

  get chosen(): string | undefined {
    return this.items[this.at];
  }

  /** The text is `text` now: what was offered for another is soon gone. */
  follow(text: string): void {
    clearTimeout(this.timer);
    this.typed = text.trim();
    this.at = -1;
    if (worth(this.typed)) this.timer = setTimeout(() => void this.look(this.typed), this.pause);
    else this.close();
  }

  /** One on, or back; past either end nothing is chosen, and then the other end. */
  move(by: 1 | -1): void {
    const places = this.items.length + 1;
    this.at = ((this.at + 1 + by + places) % places) - 1;
    this.changed();
  }

  /** Closes the list and forgets what is on its way; true if there was a list. */
  close(): boolean {
    clearTimeout(this.timer);
    this.typed = "";
    const open = this.items.length > 0;
    this.items = [];
    this.at = -1;
    if (open) this.changed();
    return open;
  }

  private async look(typed: string): Promise<void> {
    const found = await this.find(typed).catch((): string[] => []);
    if (typed !== this.typed) return; // more was typed meanwhile
    this.items = found.filter((one) => one !== typed).slice(0, SHOWN);
    this.at = -1;
    this.changed();
  }
}
