/** What the server says, as the contract of POST /api/ask/stream names it. */

export interface Source {
  letter_id: string;
  name: string;
  issuer: string | null;
  number: string | null;
  date: string | null;
  /** The date in words and how long ago: 2024年6月28日（2 年前）. */
  dated: string | null;
  /** The result class in the words of the place: A 已解决或基本解决. */
  graded: string | null;
  href: string;
}

/** A verbatim span of a letter; start and end count code points of its text. */
export interface Quote {
  text: string;
  letter_id: string;
  start: number;
  end: number;
}

/** A part of a quote; the parts join to the quote. */
export interface Piece {
  text: string;
  exact: boolean;
}

/** What an older letter answered to the same; `told` is the day of that reply in words. */
export interface Earlier {
  told: string;
  pieces: Piece[];
  notes: string[];
  source: Source;
  href: string;
}

export interface Quoted {
  rank: number;
  quote: Quote;
  pieces: Piece[];
  /** What the letter is where it is no reply: 会办意见. Else empty. */
  kind?: string;
  /** Words of ours about the quote's: which year its 今年 means. */
  notes?: string[];
  /** The oldest first. */
  earlier?: Earlier[];
  source: Source;
  href: string;
  permalink: string;
  later: Source[];
}

export interface Row {
  letter_id: string;
  name: string;
  issuer: string | null;
  number: string | null;
  date: string | null;
  result_class: string | null;
  quote: Quote;
}

export interface Nearest {
  letter_id: string;
  title: string | null;
  number: string | null;
}

export interface Office {
  organ: string;
  office: string | null;
}

export interface Resolved {
  question: string;
  carried: { kind: string; text: string }[];
}

export interface Verdict {
  status: "answer" | "refusal" | "listing";
  question: string;
  snapshot: string;
  reason: string | null;
  nearest: Nearest[];
  caption?: string | null;
  count?: number;
  rows?: Row[];
  ask_whom?: Office[];
}

export interface Meta {
  snapshot: string;
  question: string;
  resolved: Resolved | null;
}

export interface Problem {
  status?: number;
  detail?: string;
  code?: string;
  retry_after?: number;
}

export interface Letter {
  id: string;
  title: string | null;
  text: string;
  headings: { text: string; level: number; start: number; end: number }[];
}

/** One event of the stream, by its name. */
export type StreamEvent =
  | { event: "meta"; data: Meta }
  | { event: "sources"; data: { letters: Source[] } }
  | { event: "quote"; data: Quoted }
  | { event: "verdict"; data: Verdict }
  | { event: "done"; data: { seconds: number; events: number } }
  | { event: "error"; data: Problem };

/** In what part of the base to look; absent is everywhere. */
export interface Scope {
  issuer?: string;
  year?: number;
  result_class?: string;
}

export interface Asked {
  question: string;
  scope: Scope;
  before: string[];
  carry: boolean;
}

export interface Opinion {
  question: string;
  snapshot: string;
  verdict: Verdict["status"];
  useful: boolean;
  reason: string | null;
  quote: { letter_id: string; start: number; end: number } | null;
}
