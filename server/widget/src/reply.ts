/** A reply by its kind: quotes, a refusal, a list, one sentence, several of these. */

import { html, nothing, type TemplateResult } from "lit";

import { dayTold, refusalTold, told } from "./english.js";
import { type Here, view } from "./here.js";
import { tongue } from "./lang.js";
import { nearestList, saidView } from "./letters.js";
import { rowsView } from "./listing.js";
import { leadOf, question, quotesOf, type Turn } from "./turn.js";
import type { Office, Quoted, Verdict, Way } from "./wire.js";
import { wordingView } from "./wording.js";
import "./card.js";
import "./opinion.js";

/** What drawing a reply needs. */
export interface Setting {
  here: Here;
  turn: Turn;
  /** The quotes of this reply. */
  quotes: readonly Quoted[];
  /** Asks another question. */
  ask(text: string): void;
  /** Draws the heading of the reply; the parts of one have theirs already. */
  heading(text: unknown): unknown;
  /** Whether it is a part of what is asked about as a whole. */
  unrated?: boolean;
}

/** The heading that the focus is led to when a question is settled. */
export function heading(text: unknown): TemplateResult {
  return html`<h4 class="verdict" tabindex="-1">${text}</h4>`;
}

export function replyView(reply: Verdict, setting: Setting): TemplateResult {
  // A kind that came after this widget was built is a refusal, which promises nothing.
  return (VIEWS[reply.status] ?? refusal)(reply, setting);
}

type View = (reply: Verdict, setting: Setting) => TemplateResult;
const VIEWS: Partial<Record<string, View>> = { answer, listing, refusal, notice, several };

export function cards(quotes: readonly Quoted[], here: Here): TemplateResult[] {
  return quotes.map(
    (quoted) => html`<fuwen-card .here=${here} .quoted=${quoted} .all=${quotes}></fuwen-card>`,
  );
}

function answer(reply: Verdict, setting: Setting): TemplateResult {
  const { here, quotes } = setting;
  const n = quotes.length;
  return html`${setting.heading(here.say(n > 1 ? "answers" : "answered", { n }))}
  ${leadView(reply, setting)} ${cards(quotes, here)} ${joined(reply, setting)}
  ${opinion(reply, setting)}`;
}

function joined(reply: Verdict, { here, turn }: Setting): unknown {
  return turn.wording && turn.verdict === reply ? wordingView(turn.wording, here) : nothing;
}

/** The answer in a word, in our own type: it is no part of the quote. */
function leadView(reply: Verdict, { here, quotes }: Setting): unknown {
  const lead = leadOf(reply, quotes);
  if (!lead) return nothing;
  const words = lead.start === null ? told(lead.text, here.lang) : { ...lead, lang: "zh-CN" as const };
  return html`<p class="lead">${saidView(words)}</p>`;
}

function refusal(reply: Verdict, setting: Setting): TemplateResult {
  const { here, turn } = setting;
  const { reason, code, nearest = [], way_out: ways = [], ask_whom: whom = [] } = reply;
  const { say, lang } = here;
  const near = html`<h5>${say("related")}</h5>
    ${nearestList(here, nearest, turn.letters ?? [])}`;
  return html`${setting.heading(say("refused"))}
    ${reason ? html`<p>${saidView(refusalTold(code, reason, lang))}</p>` : nothing}
    ${ways.length ? waysView(ways, here) : whomView(whom, here)}
    ${nearest.length ? near : nothing} ${opinion(reply, setting)}`;
}

const FOLLOWED = /^(tel|mailto|https?):/i;

/** Where help is to be had; an address of another kind than these is shown and not followed. */
function waysView(ways: readonly Way[], { say }: Here): TemplateResult {
  return html`<h5>${say("whom")}</h5>
    <ul class="links ways" lang="zh-CN">
      ${ways.map(({ label, value, href }) => {
        const text = label.includes(value) ? label : html`${label} <b>${value}</b>`;
        if (!FOLLOWED.test(href)) return html`<li>${text}</li>`;
        const target = /^http/i.test(href) ? "_blank" : nothing;
        return html`<li><a href=${href} target=${target} rel="noopener">${text}</a></li>`;
      })}
    </ul>`;
}

function whomView(whom: readonly Office[], { say }: Here): unknown {
  if (!whom.length) return nothing;
  return html`<h5>${say("whom")}</h5>
    <ul class="links" lang="zh-CN">
      ${whom.map((one) => html`<li>${whole(one)}</li>`)}
    </ul>`;
}

/** The office with its organ, which its own name often begins with. */
function whole({ organ, office }: Office): string {
  if (!office) return organ;
  return office.startsWith(organ) ? office : `${organ}：${office}`;
}

function listing(reply: Verdict, setting: Setting): TemplateResult {
  const { here, turn } = setting;
  const { caption, count: n = 0 } = reply;
  const chinese = html`<span lang="zh-CN">${caption}</span>`;
  const english = here.lang === "en" || !caption;
  const head = english ? here.say("listed", { n }) : chinese;
  return html`${setting.heading(head)} ${english && caption ? html`<p>${chinese}</p>` : nothing}
  ${rowsView(reply, turn.letters ?? [], here)} ${opinion(reply, setting)}`;
}

/** One sentence of ours, and perhaps questions to choose from. Nothing in it is a quote. */
function notice(reply: Verdict, setting: Setting): TemplateResult {
  const { text, lang, options = [], way_out: ways = [] } = reply;
  const words = html`<span lang=${lang ?? "zh-CN"}>${text}</span>`;
  return html`<div class="notice">
    ${setting.heading(words)}
    ${options.length ? chipsView(options, setting.ask) : nothing}
    ${ways.length ? waysView(ways, setting.here) : nothing}
  </div>`;
}

/** Questions each of which is asked by a tap. */
export function chipsView(
  questions: readonly string[],
  ask: (text: string) => void,
): TemplateResult {
  return html`<ul class="chips">
    ${questions.map(
      (text) =>
        html`<li>
          <button class="chip" lang=${tongue(text)} @click=${() => ask(text)}>${text}</button>
        </li>`,
    )}
  </ul>`;
}

function several(reply: Verdict, setting: Setting): TemplateResult {
  const { say } = setting.here;
  const { parts = [], kind } = reply;
  const compared = kind === "comparison";
  const n = parts.length;
  // A paragraph, since the parts have the headings.
  const head = html`<p class="verdict summary" tabindex="-1">
    ${say(compared ? "compared" : "several", { n })}
  </p>`;
  const all = parts.map((part, at) => partView(part, at, { ...setting, unrated: compared }));
  if (!compared) return html`${head} ${all}`;
  return html`${head} ${comparison(parts, setting)}
    <details class="folded">
      <summary>${say("cards", { n: setting.turn.quotes.length })}</summary>
      ${all}
    </details>
    ${opinion(reply, setting)}`;
}

type Part = NonNullable<Verdict["parts"]>[number];

function partView({ label, reply }: Part, at: number, setting: Setting): TemplateResult {
  const quotes = quotesOf(setting.turn, at);
  // Its own heading is the question; how it was answered is told where it is no answer.
  const heading = (text: unknown): unknown =>
    reply.status === "answer" ? nothing : html`<p class="outcome">${text}</p>`;
  return html`<section class="piece">
    <h4 lang=${tongue(label)}>${label}</h4>
    ${replyView(reply, { ...setting, quotes, heading })}
  </section>`;
}

/** The parts side by side: of each the words that answer, and the way to their letter. */
function comparison(parts: readonly Part[], { here, turn }: Setting): TemplateResult {
  const { say } = here;
  return html`<table class="compare" aria-label=${say("compared")}>
    <thead>
      <tr>
        <th scope="col">${say("comparedWhat")}</th>
        <th scope="col">${say("comparedWords")}</th>
      </tr>
    </thead>
    <tbody>
      ${parts.map(
        ({ label, reply }, at) =>
          html`<tr>
            <th scope="row" lang=${tongue(label)}>${label}</th>
            <td>${compared(reply, quotesOf(turn, at), here)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function compared(reply: Verdict, quotes: readonly Quoted[], here: Here): unknown {
  const [first] = quotes;
  if (!first) return html`<span class="quiet">${here.say("none")}</span>`;
  const lead = leadOf(reply, quotes);
  const exact = first.pieces.filter((piece) => piece.exact).map((piece) => piece.text);
  const words = lead && lead.start === null ? told(lead.text, here.lang) : null;
  const cited = html`<q lang="zh-CN">${lead && !words ? lead.text : exact.join("……")}</q>`;
  const { issuer, date, dated } = first.source;
  const day = dayTold(date, dated, here.lang);
  const show = (event: Event): unknown =>
    event.target && view(event.target, { quotes: quotes.map(({ quote }) => quote), at: 0 });
  return html`${words ? html`<p class="lead">${saidView(words)}</p>` : nothing} ${cited}
    <p class="source" lang="zh-CN">
      ${issuer ? html`<span class="part">${issuer}</span>` : nothing}${saidView(day)}
    </p>
    <button class="plain" @click=${show}>${here.say("open")}</button>`;
}

/** Whether it was useful; of a quote where there is one alone. */
function opinion(reply: Verdict, { here, turn, quotes, unrated }: Setting): unknown {
  if (unrated) return nothing;
  const { snapshot, status } = reply;
  const [only, another] = quotes.map(({ quote }) => quote);
  const { letter_id, start, end } = only ?? { letter_id: "", start: 0, end: 0 };
  const quote = only && !another ? { letter_id, start, end } : null;
  // Staff read what somebody typed, not what a model made of it.
  const model = turn.resolved?.mended?.find(({ kind }) => kind === "model");
  const asked = turn.verdict === reply ? (model?.was ?? question(turn)) : reply.question;
  const about = { question: asked, snapshot, verdict: status, quote };
  return html`<fuwen-opinion .here=${here} .about=${about}></fuwen-opinion>`;
}

