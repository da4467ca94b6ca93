/** A list of letters, each with the words by which it is on the list. */

import { html, nothing, type TemplateResult } from "lit";

import { dayTold } from "./english.js";
import { type Here, view } from "./here.js";
import { dated, saidView } from "./letters.js";
import { standingView } from "./standing.js";
import type { Row, Source, Verdict } from "./wire.js";

/** Words that are a day and no more: they stand in the column of days as they are written. */
const DAY = /^[\d〇○零一二三四五六七八九十年月日./\s-]+$/;

/** The table of `reply`; `letters` are the sources, which tell each letter's class in words. */
export function rowsView(
  reply: Verdict,
  letters: readonly Source[],
  here: Here,
): TemplateResult {
  const { say } = here;
  const { rows = [] } = reply;
  const quotes = rows.map((row) => row.quote);
  const known = new Map(letters.map((one) => [one.letter_id, one]));
  const show = (at: number) => (event: Event) => event.target && view(event.target, { quotes, at });
  // The roles are said outright: on a narrow panel the rows are stacked, and CSS that does so
  // would otherwise take the table away from a screen reader.
  return html`<table class="list" role="table" aria-label=${say("listed", { n: reply.count ?? 0 })}>
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader">${say("rowName")}</th>
        <th role="columnheader">${say("rowDate")}</th>
        <th role="columnheader">${say("rowClass")}</th>
        <th role="columnheader"><span class="hidden">${say("open")}</span></th>
      </tr>
    </thead>
    <tbody role="rowgroup" lang="zh-CN">
      ${rows.map((row, at) => {
        const source = known.get(row.letter_id);
        return rowView(row, here, { show: show(at), source });
      })}
    </tbody>
  </table>`;
}

interface Behind {
  show: (event: Event) => void;
  source: Source | undefined;
}

function rowView(row: Row, here: Here, { show, source }: Behind): TemplateResult {
  const { say, lang } = here;
  const behind = [row.issuer, row.number].filter(Boolean).join(" · ");
  const isDay = DAY.test(row.quote.text);
  const cited = html`<p class="cited">
    <span class="label" lang=${lang}>${say("quote")}</span> <mark>${row.quote.text}</mark>
  </p>`;
  const day = saidView(dayTold(row.date, dated(row.date), lang));
  return html`<tr role="row">
    <td role="cell">
      <p class="name">${row.name}</p>
      <p class="quiet">${behind}</p>
      ${isDay ? nothing : cited}
      ${row.quote.standing ? standingView(row.quote.standing, here) : nothing}
    </td>
    <td role="cell">${isDay ? html`<span class="day">${row.quote.text}</span>` : day}</td>
    <td role="cell">${source?.graded ?? row.result_class}</td>
    <td role="cell">
      <button class="plain" lang=${lang} @click=${show}>
        ${say("open")}<span class="hidden" lang="zh-CN">：${row.name}</span>
      </button>
    </td>
  </tr>`;
}
