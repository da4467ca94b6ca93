/** The questions of this tab: asking, stopping, undoing, and what the live region says. */

import { type Server, troubleFrom } from "./ask.js";
import { after, before, begun, failed, stopped, type Turn } from "./turn.js";
import type { Scope } from "./wire.js";
import type { Key, Say } from "./words.js";

/** What a conversation needs of the panel that shows it. */
export interface Stage {
  say: Say;
  server: Server;
  scope: Scope;
  announce(text: string): void;
  /** Draws the turns anew. */
  changed(): void;
  /** A question was asked: bring it into view. */
  asked(): Promise<void>;
  /** It was settled: lead the reader to the verdict. */
  settled(): Promise<void>;
}

export class Conversation {
  private running: AbortController | null = null;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly stage: Stage,
    public turns: readonly Turn[],
  ) {}

  get waiting(): boolean {
    return this.running !== null;
  }

  /** Asks `text` unless a question is under way; resolves when it is settled. */
  async ask(text: string, { carry = true }: { carry?: boolean } = {}): Promise<void> {
    if (this.running) return;
    const running = new AbortController();
    this.running = running;
    const asked = { question: text, scope: this.stage.scope, before: before(this.turns), carry };
    let turn = begun(text, { id: (this.turns.at(-1)?.id ?? 0) + 1, carry });
    const put = (next: Turn): void => {
      // A conversation that was cleared meanwhile stays cleared.
      this.replace(turn, next);
      turn = next;
    };
    this.turns = [...this.turns, turn];
    this.stage.announce(this.stage.say("searching"));
    await this.stage.asked();
    try {
      for await (const said of this.stage.server.events(asked, running.signal)) {
        put(after(turn, said, Date.now()));
        // Nobody waits for what may still be said of an answer that is there.
        if (said.event === "verdict" && this.running === running) await this.settle(turn);
      }
    } catch (error) {
      if (!turn.verdict)
        put(running.signal.aborted ? stopped(turn) : failed(turn, troubleFrom(error)));
    }
    if (this.running === running) await this.settle(turn);
  }

  stop(): void {
    this.running?.abort();
  }

  /** Asks the question of `turn` again in its place. */
  again(turn: Turn, { carry = turn.carry }: { carry?: boolean } = {}): void {
    if (this.running) return;
    this.turns = this.turns.filter((one) => one !== turn);
    void this.ask(turn.asked, { carry });
  }

  clear(): void {
    this.stop();
    clearInterval(this.ticking);
    this.running = null;
    this.turns = [];
    this.stage.changed();
  }

  /** Seconds until `turn` may be asked again, 0 where nothing forbids it. */
  wait(turn: Turn): number {
    if (turn.trouble?.kind !== "limited") return 0;
    return Math.max(0, Math.ceil((turn.trouble.until - Date.now()) / 1000));
  }

  private replace(turn: Turn, next: Turn): void {
    this.turns = this.turns.map((one) => (one === turn ? next : one));
    this.stage.changed();
  }

  private async settle(turn: Turn): Promise<void> {
    this.running = null;
    if (this.wait(turn)) this.countDown(turn);
    const { key, n } = outcome(turn, this.wait(turn));
    this.stage.announce(this.stage.say(key, { n }));
    await this.stage.settled();
  }

  private countDown(turn: Turn): void {
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      this.stage.changed();
      if (this.wait(turn)) return;
      clearInterval(this.ticking);
      this.stage.announce(this.stage.say("ready"));
    }, 1000);
  }
}

/** What to say of a settled turn in one line. */
export function outcome(turn: Turn, wait = 0): { key: Key; n: number } {
  if (turn.state === "stopped") return { key: "stopped", n: 0 };
  if (turn.trouble) return { key: turn.trouble.kind, n: wait };
  const { status, count = 0, parts = [] } = turn.verdict ?? {};
  if (status === "answer") return { key: "done", n: turn.quotes.length };
  if (status === "listing") return { key: "doneListing", n: count };
  if (status === "several") return { key: "doneSeveral", n: parts.length };
  return { key: status === "notice" ? "doneNotice" : "doneRefusal", n: 0 };
}
