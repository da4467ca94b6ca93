/** Speaking to the server: a streamed question, and the few plain requests. */

import { MessageReader } from "./sse.js";
import { type Trouble, troubleOf } from "./turn.js";
import type { Asked, Letter, Opinion, Problem, StreamEvent } from "./wire.js";

/** The server beats every 15 s; three beats missed and the line is taken for dead. */
const SILENCE = 45_000;

/** A request that came to nothing, and why. */
export class Failure extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.kind);
  }
}

export class Server {
  constructor(readonly host: string) {}

  /** The events of one question as they come. Throws Failure; AbortError when `signal` stops it. */
  async *events(asked: Asked, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const response = await this.request("/api/ask/stream", { ...posted(asked), signal });
    if (!response.body) throw new Failure({ kind: "error", detail: null });
    const stream = response.body.getReader();
    const reader = new MessageReader();
    let verdict = false;
    try {
      for (;;) {
        const read = await timely(stream.read());
        if (read.done) break;
        for (const { event, data } of reader.push(read.value)) {
          verdict ||= event === "verdict" || event === "error";
          yield { event, data: JSON.parse(data) } as StreamEvent;
        }
      }
    } finally {
      // A line that is left early is closed, so that the server stops working on it.
      stream.cancel().catch(() => undefined);
    }
    if (!verdict) throw new Failure({ kind: "error", detail: null });
  }

  /** Questions that hold the words `typed`; examples where there are none. */
  async suggestions(typed = ""): Promise<string[]> {
    const response = await this.request(`/api/suggestions?q=${encodeURIComponent(typed)}`);
    return ((await response.json()) as { suggestions: string[] }).suggestions;
  }

  async letter(id: string): Promise<Letter> {
    const response = await this.request(`/api/letters/${encodeURIComponent(id)}`);
    return (await response.json()) as Letter;
  }

  async feedback(opinion: Opinion): Promise<void> {
    await this.request("/api/feedback", posted(opinion));
  }

  /** An address on the server for a path that it gave; nothing but a path is followed. */
  link(path: string): string {
    return path.startsWith("/") && !path.startsWith("//") ? this.host + path : this.host;
  }

  private async request(path: string, options: RequestInit = {}): Promise<Response> {
    const response = await fetch(this.host + path, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      ...options,
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as Problem;
    const wait = Number(response.headers.get("Retry-After")) || problem.retry_after;
    const known = { ...problem, status: response.status, ...(wait ? { retry_after: wait } : {}) };
    throw new Failure(troubleOf(known, Date.now()));
  }
}

/** Why `error` happened, for people: a fault of fetch is the network's. */
export function troubleFrom(error: unknown): Trouble {
  if (error instanceof Failure) return error.trouble;
  return { kind: navigator.onLine ? "unreachable" : "offline" };
}

function posted(body: unknown): RequestInit {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

async function timely<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure({ kind: "unreachable" })), SILENCE);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
