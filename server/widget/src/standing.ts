/** How a promise stands: what staff confirmed, in word and shape, with its evidence. */

import { html, nothing, type TemplateResult } from "lit";

import { dayTold, stateTold, told } from "./english.js";
import { type Here, view } from "./here.js";
import { dated, saidView, woven } from "./letters.js";
import type { Excerpt, Standing } from "./wire.js";

/** A shape for each state, so that it is told by more than a word or a colour. */
const SHAPES: Record<string, string> = {
  not_started: "○",
  under_way: "◐",
  done: "●",
  unverifiable: "–",
  dropped: "×",
  overdue: "▲",
};

export function standingView(standing: Standing, here: Here): TemplateResult {
  const { say, lang } = here;
  const { state, told: said, due, overdue, evidence, record } = standing;
  const late = html`<p class="state"><span aria-hidden="true">▲</span> ${say("overdue")}</p>`;
  return html`<div class="standing" role="group" aria-label=${say("standing")}>
    <p class="state">
      <span aria-hidden="true">${SHAPES[state] ?? "?"}</span> ${saidView(stateTold(state, said, lang))}
    </p>
    ${overdue && state !== "overdue" ? late : nothing} ${due ? html`<p>${woven(say, "due", { day: due })}</p>` : nothing}
    ${evidence.length ? evidenceView(evidence, here) : nothing}
    <p class="quiet">${saidView(told(record, lang))}</p>
  </div>`;
}

function evidenceView(evidence: readonly Excerpt[], here: Here): TemplateResult {
  const { say, lang } = here;
  return html`<p>${say("evidence")}</p>
    <ul class="links">
      ${evidence.map((one, at) => {
        const show = (event: Event): unknown =>
          event.target && view(event.target, { quotes: evidence, at });
        const day = dayTold(one.date ?? null, dated(one.date ?? null), lang);
        const names = [one.issuer, one.number ?? one.title].filter(Boolean).join(" · ");
        return html`<li>
          <q lang="zh-CN">${one.text}</q>
          <p class="source" lang="zh-CN">
            ${names}${day.text ? html` · ${saidView(day)}` : nothing}
          </p>
          <button class="plain" @click=${show}>${say("open")}</button>
        </li>`;
      })}
    </ul>`;
}
