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

/** A later letter on the same subject, and its newest fact: words of that letter. */
export interface Later extends Source {
  fact?: { text: string; href: string } | null;
}

/** A verbatim span of a letter; start and end count code points of its text. */
export interface Quote {
  text: string;
  letter_id: string;
  start: number;
  end: number;
  /** Of a promise: how staff say it stands. */
  standing?: Standing | null;
}

/** A quote that stands alone, with what names its letter. */
export interface Excerpt extends Quote {
  title?: string | null;
  number?: string | null;
  issuer?: string | null;
  date?: string | null;
}

/** What staff confirmed of a promise. */
export interface Standing {
  state: string;
  /** The state in words. */
  told: string;
  due: string | null;
  overdue: boolean;
  evidence: Excerpt[];
  /** That this is the office's own record. */
  record: string;
}

/** The answer in a word or a figure, before the first quote; a place where it is the letter's. */
export interface Lead {
  text: string;
  start: number | null;
  end: number | null;
}

/** Where help is to be had; `href` may be a telephone number. */
export interface Way {
  label: string;
  value: string;
  href: string;
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
  /** Which part of the reply it belongs to; absent is the first. */
  part?: number;
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
  later: Later[];
}

/** Quotes joined by a language model; its own words are no quote. */
export interface Wording {
  /** Whose words are whose. */
  note: string;
  parts: ({ kind: "words"; text: string } | { kind: "quote"; quote: Excerpt })[];
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
  /** What was read otherwise than it was typed: a story left out, a typing error. */
  mended?: { kind: string; was: string; now: string }[];
}

export type Status = "answer" | "refusal" | "listing" | "notice" | "several";

/** A reply as a whole, or one part of a reply to several questions. */
export interface Verdict {
  resolved?: Resolved | null;
  status: Status;
  question: string;
  snapshot: string;
  reason: string | null;
  nearest: Nearest[];
  code?: string | null;
  lead?: Lead | null;
  /** The one sentence of a notice, and its language. */
  text?: string | null;
  lang?: string | null;
  /** Questions to choose from. */
  options?: string[];
  kind?: "questions" | "comparison" | null;
  parts?: { label: string; reply: Verdict }[];
  way_out?: Way[];
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
  | { event: "done"; data: { seconds: number; events: number; wording?: Wording } }
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
  verdict: Status;
  useful: boolean;
  reason: string | null;
  quote: { letter_id: string; start: number; end: number } | null;
}
