/** One question and what came of it. A turn is frozen data; `after` gives the next one. */

import { slice } from "./points.js";
import type {
  Excerpt,
  Lead,
  Problem,
  Quoted,
  Resolved,
  Source,
  StreamEvent,
  Verdict,
  Wording,
} from "./wire.js";

/** Why a question got no verdict. */
export type Trouble =
  | { kind: "limited"; until: number }
  | { kind: "offline" }
  | { kind: "unreachable" }
  | { kind: "error"; detail: string | null };

export type State = "waiting" | "done" | "stopped" | "failed";

export interface Turn {
  readonly id: number;
  readonly asked: string;
  readonly carry: boolean;
  readonly state: State;
  readonly resolved: Resolved | null;
  readonly letters: readonly Source[] | null;
  readonly quotes: readonly Quoted[];
  readonly verdict: Verdict | null;
  readonly trouble: Trouble | null;
  /** Absent of turns that an older widget kept. */
  readonly wording?: Wording | null;
}

export function begun(asked: string, options: { id: number; carry: boolean }): Turn {
  const empty = { resolved: null, letters: null, quotes: [], verdict: null, trouble: null };
  return { ...options, asked, state: "waiting", ...empty };
}

/** `turn` after one event of the stream. Times are milliseconds of the clock `now`. */
export function after(turn: Turn, said: StreamEvent, now: number): Turn {
  switch (said.event) {
    case "meta":
      return { ...turn, resolved: said.data.resolved };
    case "sources":
      return { ...turn, letters: said.data.letters };
    case "quote":
      return { ...turn, quotes: [...turn.quotes, proved(said.data)] };
    case "verdict":
      return { ...turn, state: "done", verdict: said.data, resolved: settled(turn, said.data) };
    case "done":
      return { ...turn, wording: wordingOf(said.data.wording, turn.quotes) };
    case "error":
      return failed(turn, troubleOf(said.data, now));
  }
}

/** Of several ways to read a question the verdict says which one was answered. */
function settled(turn: Turn, { resolved }: Verdict): Resolved | null {
  return resolved === undefined ? turn.resolved : resolved;
}

export function failed(turn: Turn, trouble: Trouble): Turn {
  return { ...turn, state: "failed", trouble };
}

export function stopped(turn: Turn): Turn {
  return { ...turn, state: "stopped" };
}

/** What a problem document means for the reader; a limit says when to come back. */
export function troubleOf(problem: Problem, now: number): Trouble {
  const wait = (problem.retry_after ?? 30) * 1000;
  if (problem.status === 429) return { kind: "limited", until: now + wait };
  return { kind: "error", detail: problem.detail ?? null };
}

/** The question as it was looked for: what a follow-up builds upon. */
export function question(turn: Turn): string {
  return turn.resolved?.question ?? turn.verdict?.question ?? turn.asked;
}

/** The last five settled questions of `turns`, the latest last; what was mere talk is none. */
export function before(turns: readonly Turn[]): string[] {
  const settled = turns.filter(({ verdict }) => verdict && !isTalk(verdict));
  return settled.map(question).slice(-5);
}

function isTalk({ status, options = [] }: Verdict): boolean {
  return status === "notice" && !options.length;
}

/** The quotes of one part of the reply to `turn`. */
export function quotesOf(turn: Turn, part: number): readonly Quoted[] {
  return turn.quotes.filter((quoted) => (quoted.part ?? 0) === part);
}

/** What leads the `quotes` of `reply`; none where it says it stands in the first and does not. */
export function leadOf(reply: Verdict, quotes: readonly Quoted[]): Lead | null {
  const { lead = null } = reply;
  const quote = quotes[0]?.quote;
  if (!lead || !quote) return null;
  const { text, start, end } = lead;
  if (start === null || end === null) return lead;
  const stands = slice(quote.text, start - quote.start, end - quote.start) === text;
  return stands ? lead : null;
}

/** `wording` if each of its quotes stands in one that is shown; it is not shown otherwise. */
function wordingOf(wording: Wording | undefined, quotes: readonly Quoted[]): Wording | null {
  const stands = ({ text, letter_id, start, end }: Excerpt): boolean =>
    quotes.some(
      ({ quote }) =>
        quote.letter_id === letter_id &&
        quote.start <= start &&
        slice(quote.text, start - quote.start, end - quote.start) === text,
    );
  return wording?.parts.every((part) => part.kind === "words" || stands(part.quote))
    ? wording
    : null;
}

/** Pieces that do not join to the quote are not shown: the quote as a whole is. */
function proved(quoted: Quoted): Quoted {
  const joined = quoted.pieces.map((piece) => piece.text).join("");
  const whole = joined === quoted.quote.text && quoted.pieces.some((piece) => piece.exact);
  return whole ? quoted : { ...quoted, pieces: [{ text: quoted.quote.text, exact: true }] };
}
