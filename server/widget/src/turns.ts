/** One turn as it is drawn: the question, then whatever state its answer is in. */

import { html, nothing, type TemplateResult } from "lit";

import type { Conversation } from "./conversation.js";
import { type Here, view } from "./here.js";
import { dated, letterPath, nearestList, outside, sourceLine } from "./letters.js";
import { question, type Turn } from "./turn.js";
import type { Office, Row, Source, Verdict } from "./wire.js";
import "./card.js";
import "./opinion.js";

/** What drawing a turn needs. */
export interface Drawing {
  here: Here;
  conversation: Conversation;
  last: boolean;
}

export function turnView(turn: Turn, drawing: Drawing): TemplateResult {
  const { here } = drawing;
  return html`<article class="turn">
    <h3 class="asked" tabindex="-1"><span>${here.say("asked")}</span>${turn.asked}</h3>
    ${resolved(turn, drawing)}${STATES[turn.state](turn, drawing)}
  </article>`;
}

function resolved(turn: Turn, { here, conversation, last }: Drawing): unknown {
  if (!turn.resolved?.carried.length) return nothing;
  const undo = (): void => conversation.again(turn, { carry: false });
  const may = last && turn.state !== "waiting";
  return html`<p class="resolved">
    ${here.say("resolved", { text: turn.resolved.question })}
    ${may ? html`<button class="plain" @click=${undo}>${here.say("undo")}</button>` : nothing}
  </p>`;
}

const STATES: Record<Turn["state"], (turn: Turn, drawing: Drawing) => unknown> = {
  waiting,
  stopped: unsettled,
  failed: unsettled,
  done: (turn, drawing) =>
    turn.verdict && VERDICTS[turn.verdict.status](turn, turn.verdict, drawing),
};

type VerdictView = (turn: Turn, verdict: Verdict, drawing: Drawing) => unknown;
const VERDICTS: Record<Verdict["status"], VerdictView> = { answer, listing, refusal };

function answer(turn: Turn, _: Verdict, drawing: Drawing): TemplateResult {
  const n = turn.quotes.length;
  return html`${heading(drawing.here.say(n > 1 ? "answers" : "answered", { n }))}
  ${cards(turn, drawing)}`;
}

/** What came before the line broke is still true, and stays. */
function unsettled(turn: Turn, drawing: Drawing): TemplateResult {
  return html`${trouble(turn, drawing)}${cards(turn, drawing)}`;
}

function heading(text: unknown): TemplateResult {
  return html`<h4 class="verdict" tabindex="-1">${text}</h4>`;
}

function cards(turn: Turn, { here }: Drawing): TemplateResult[] {
  return turn.quotes.map(
    (_, at) => html`<fuwen-card .here=${here} .turn=${turn} .at=${at}></fuwen-card>`,
  );
}

function waiting(turn: Turn, drawing: Drawing): TemplateResult {
  const { say } = drawing.here;
  const n = turn.letters?.length;
  const line = n ? say("sources", { n }) : say("searching");
  // Once quotes come, each names its own letter.
  const letters = turn.quotes.length ? [] : (turn.letters ?? []).slice(0, 5);
  return html`<div class="progress">
      <p>${line}</p>
      <button class="plain" @click=${() => drawing.conversation.stop()}>${say("stop")}</button>
    </div>
    <ul class="found" ?hidden=${!letters.length}>
      ${letters.map((one) => html`<li>${sourceLine(one)}</li>`)}
    </ul>
    ${cards(turn, drawing)}`;
}

function trouble(turn: Turn, { here, conversation }: Drawing): TemplateResult {
  const { say } = here;
  const wait = conversation.wait(turn);
  const kind = turn.trouble?.kind ?? "stopped";
  const over = kind === "limited" && !wait;
  const detail = turn.trouble?.kind === "error" ? turn.trouble.detail : null;
  return html`<div class="notice">
    ${heading(say(over ? "ready" : kind, { n: wait }))}
    ${detail ? html`<p lang="zh-CN">${detail}</p>` : nothing}
    <button ?disabled=${wait > 0 || conversation.waiting} @click=${() => conversation.again(turn)}>
      ${say("retry")}
    </button>
  </div>`;
}

function opinion(turn: Turn, verdict: Verdict, here: Here): TemplateResult {
  const { snapshot, status } = verdict;
  const about = { question: question(turn), snapshot, verdict: status, quote: null };
  return html`<fuwen-opinion .here=${here} .about=${about}></fuwen-opinion>`;
}

function refusal(turn: Turn, verdict: Verdict, { here }: Drawing): TemplateResult {
  const { say } = here;
  const { reason, nearest, ask_whom: whom = [] } = verdict;
  const related = html`<h5>${say("related")}</h5>${nearestList(here, nearest, turn.letters ?? [])}`;
  const offices = html`<h5>${say("whom")}</h5>
    <ul class="links" lang="zh-CN">
      ${whom.map((one) => html`<li>${whole(one)}</li>`)}
    </ul>`;
  return html`${heading(say("refused"))}
    <p lang="zh-CN">${reason}</p>
    ${nearest.length ? related : nothing}${whom.length ? offices : nothing}
    ${opinion(turn, verdict, here)}`;
}

/** The office with its organ, which its own name often begins with. */
function whole({ organ, office }: Office): string {
  if (!office) return organ;
  return office.startsWith(organ) ? office : `${organ}：${office}`;
}

function listing(turn: Turn, verdict: Verdict, { here }: Drawing): TemplateResult {
  const { say } = here;
  const rows = verdict.rows ?? [];
  const quotes = rows.map((row) => row.quote);
  const known = new Map(turn.letters?.map((one) => [one.letter_id, one]));
  const show = (at: number) => (event: Event) => event.target && view(event.target, { quotes, at });
  // The roles are said outright: on a narrow panel the rows are stacked, and CSS that does so
  // would otherwise take the table away from a screen reader.
  return html`${heading(html`<span lang="zh-CN">${verdict.caption}</span>`)}
    <table role="table" aria-label=${verdict.caption ?? ""}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader">${say("rowName")}</th>
          <th role="columnheader">${say("rowDate")}</th>
          <th role="columnheader">${say("rowClass")}</th>
        </tr>
      </thead>
      <tbody role="rowgroup" lang="zh-CN">
        ${rows.map((row, at) => {
          const source = known.get(row.letter_id);
          return rowView(row, here, { show: show(at), source });
        })}
      </tbody>
    </table>
    ${opinion(turn, verdict, here)}`;
}

interface Behind {
  show: (event: Event) => void;
  /** The letter as the stream names it, which tells its class in words. */
  source: Source | undefined;
}

function rowView(row: Row, here: Here, { show, source }: Behind): TemplateResult {
  const { say, lang } = here;
  const behind = [row.issuer, row.number].filter(Boolean).join(" · ");
  return html`<tr role="row">
    <td role="cell">
      ${outside(here, letterPath(row.letter_id, row.quote), row.name, true)}
      <p class="quiet">${behind}</p>
      <p class="cited">
        <span class="label" lang=${lang}>${say("quote")}</span> <mark>${row.quote.text}</mark>
      </p>
      <button class="plain" lang=${lang} @click=${show}>${say("here")}</button>
    </td>
    <td role="cell">${dated(row.date)}</td>
    <td role="cell">${source?.graded ?? row.result_class}</td>
  </tr>`;
}
