/** One turn as it is drawn: the question, then whatever state its answer is in. */

import { html, nothing, type TemplateResult } from "lit";

import type { Conversation } from "./conversation.js";
import type { Here } from "./here.js";
import { tongue } from "./lang.js";
import { sourceLine, woven } from "./letters.js";
import { length, slice } from "./points.js";
import { cards, chipsView, heading, replyView } from "./reply.js";
import type { Turn } from "./turn.js";
import type { Key, Say } from "./words.js";

const LONG = 60; // code points of a question that stands whole as a heading

/** All turns, and the button that clears them. */
export function turnsView(all: {
  here: Here;
  conversation: Conversation;
  clear: () => void;
}): TemplateResult {
  const { here, conversation, clear } = all;
  const { turns } = conversation;
  return html`${turns.map((turn, at) =>
      turnView(turn, { here, conversation, last: at === turns.length - 1 }),
    )}<button class="plain clear" @click=${clear}>${here.say("clear")}</button>`;
}

/** Questions to begin with. */
export function offersView(
  offers: readonly string[],
  say: Say,
  ask: (text: string) => void,
): TemplateResult | typeof nothing {
  if (!offers.length) return nothing;
  return html`<h3>${say("try")}</h3>
    ${chipsView(offers, ask)}`;
}

/** What drawing a turn needs. */
interface Drawing {
  here: Here;
  conversation: Conversation;
  last: boolean;
}

function turnView(turn: Turn, drawing: Drawing): TemplateResult {
  return html`<article class="turn">
    ${askedView(turn.asked, drawing)}${resolved(turn, drawing)}${STATES[turn.state](turn, drawing)}
  </article>`;
}

/** The question; of a long one the end, where the question stands, and the whole folded. */
function askedView(asked: string, { here }: Drawing): TemplateResult {
  const n = length(asked);
  const long = n > LONG;
  const lang = tongue(asked);
  const shown = long ? `……${slice(asked, n - LONG, n)}` : asked;
  const whole = html`<details class="folded">
    <summary>${here.say("askedWhole")}</summary>
    <p lang=${lang}>${asked}</p>
  </details>`;
  return html`<h3 class="asked" tabindex="-1">
      <span>${here.say("asked")}</span><bdi lang=${lang}>${shown}</bdi>
    </h3>
    ${long ? whole : nothing}`;
}

/** Kinds of change of which there is more to tell than the new question. */
const TOLD: readonly string[] = ["split", "spelling", "model"];

/** How the question was understood where that is not as it was typed, and the way back. */
function resolved(turn: Turn, { here, conversation, last }: Drawing): unknown {
  const { carried = [], mended = [], question = "" } = turn.resolved ?? {};
  if (carried.length + mended.length === 0) return nothing;
  const { say } = here;
  const undo = (): void => conversation.again(turn, { carry: false });
  const other = question !== turn.asked;
  return html`<div class="resolved">
    ${mended.map(({ kind, was, now }) =>
      TOLD.includes(kind) ? html`<p>${woven(say, kind as Key, { was, now })}</p>` : nothing,
    )}
    ${other ? html`<p>${woven(say, "resolved", { text: question })}</p>` : nothing}
    ${last && turn.state !== "waiting"
      ? html`<button class="plain" @click=${undo}>${say("undo")}</button>`
      : nothing}
  </div>`;
}

const STATES: Record<Turn["state"], (turn: Turn, drawing: Drawing) => unknown> = {
  waiting,
  stopped: unsettled,
  failed: unsettled,
  done,
};

function done(turn: Turn, { here, conversation }: Drawing): unknown {
  if (!turn.verdict) return nothing;
  const ask = (text: string): void => void conversation.ask(text);
  return replyView(turn.verdict, { here, turn, quotes: turn.quotes, ask, heading });
}

/** What came before the line broke is still true, and stays. */
function unsettled(turn: Turn, drawing: Drawing): TemplateResult {
  return html`${trouble(turn, drawing)}${cards(turn.quotes, drawing.here)}`;
}

function waiting(turn: Turn, { here, conversation }: Drawing): TemplateResult {
  const { say } = here;
  const n = turn.letters?.length;
  const line = n ? say("sources", { n }) : say("searching");
  // Once quotes come, each names its own letter.
  const letters = turn.quotes.length ? [] : (turn.letters ?? []).slice(0, 5);
  return html`<div class="progress">
      <p>${line}</p>
      <button class="plain" @click=${() => conversation.stop()}>${say("stop")}</button>
    </div>
    <ul class="found" ?hidden=${!letters.length}>
      ${letters.map((one) => html`<li>${sourceLine(one, here)}</li>`)}
    </ul>
    ${cards(turn.quotes, here)}`;
}

function trouble(turn: Turn, { here, conversation }: Drawing): TemplateResult {
  const { say, lang } = here;
  const wait = conversation.wait(turn);
  const kind = turn.trouble?.kind ?? "stopped";
  const over = kind === "limited" && !wait;
  // The server's own words, which are Chinese; a page in English has ours.
  const detail = turn.trouble?.kind === "error" && lang !== "en" ? turn.trouble.detail : null;
  return html`<div class="notice">
    ${heading(say(over ? "ready" : kind, { n: wait }))}
    ${detail ? html`<p lang="zh-CN">${detail}</p>` : nothing}
    <button ?disabled=${wait > 0 || conversation.waiting} @click=${() => conversation.again(turn)}>
      ${say("retry")}
    </button>
  </div>`;
}
