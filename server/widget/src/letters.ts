/** Letters as one line or one link. */

import { html, nothing, type TemplateResult } from "lit";

import type { Here } from "./here.js";
import type { Nearest, Quote, Source } from "./wire.js";

/** Organ · number · date (age) · class; the name stands in for a number that is missing. */
export function sourceLine(source: Source): TemplateResult {
  const known = [source.issuer, source.number ?? source.name, source.dated, source.graded];
  return html`<p class="source" lang="zh-CN">
    ${known.filter(Boolean).map((part) => html`<span class="part">${part}</span>`)}
  </p>`;
}

/** A link to a page of the server, in a window of its own and said to be so. */
export function outside(here: Here, path: string, text: unknown, chinese = false): TemplateResult {
  return html`<a href=${here.server.link(path)} target="_blank" rel="noopener"
    ><span lang=${chinese ? "zh-CN" : here.lang}>${text}</span
    ><span class="hidden">${here.say("window")}</span></a
  >`;
}

/** The page of a letter; with a quote, at its place. */
export function letterPath(id: string, quote?: Quote): string {
  const place = quote ? `?start=${quote.start}&end=${quote.end}#quote` : "";
  return `/letters/${encodeURIComponent(id)}${place}`;
}

/** The letters that come near; `known` are sources, which name them by their subject. */
export function nearestList(
  here: Here,
  nearest: readonly Nearest[],
  known: readonly Source[],
): TemplateResult {
  return html`<ul class="links">
    ${nearest.map(({ letter_id, title, number }) => {
      const source = known.find((one) => one.letter_id === letter_id);
      const name = source?.name ?? title ?? number ?? letter_id;
      const link = outside(here, letterPath(letter_id), name, true);
      return html`<li>${link} ${source ? sourceLine(source) : nothing}</li>`;
    })}
  </ul>`;
}

/** 2024-06-28 as 2024年6月28日; what is no date stays as it is. */
export function dated(date: string | null): string {
  const [, year, month, day] = date?.match(/^(\d{4})-(\d\d)-(\d\d)$/) ?? [];
  return day ? `${year}年${Number(month)}月${Number(day)}日` : (date ?? "");
}
