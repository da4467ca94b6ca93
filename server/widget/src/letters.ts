/** Letters as one line or one link. */

import { html, nothing, type TemplateResult } from "lit";

import { dayTold, type Told } from "./english.js";
import type { Here } from "./here.js";
import { tongue } from "./lang.js";
import type { Nearest, Quote, Source } from "./wire.js";
import type { Key, Say } from "./words.js";

/**
 * Organ · number · date (age) · class; the name stands in for a number that is missing. In brief,
 * where the letter is named already, the organ and the date.
 */
export function sourceLine(source: Source, { lang }: Here, brief = false): TemplateResult {
  const day = dayTold(source.date, source.dated, lang);
  const whole = [source.issuer, source.number ?? source.name, day, source.graded];
  const known = brief ? [source.issuer, day] : whole;
  return html`<p class=${brief ? "source brief" : "source"} lang="zh-CN">
    ${known.map((part) => (part ? partView(part) : nothing))}
  </p>`;
}

function partView(part: string | Told): unknown {
  if (typeof part === "string") return html`<span class="part">${part}</span>`;
  return part.text ? html`<span class="part" lang=${part.lang}>${part.text}</span>` : nothing;
}

/** Words of ours in the language that they are in. */
export function saidView({ text, lang }: Told): TemplateResult {
  return html`<span lang=${lang}>${text}</span>`;
}

/** What is said by `key`, each of the words filled in marked as what language it is. */
export function woven(say: Say, key: Key, words: Record<string, string>): unknown[] {
  const edged = Object.keys(words).map((name) => [name, `\0${name}\0`]);
  const parts = say(key, Object.fromEntries(edged) as Record<string, string>).split("\0");
  return parts.map((part, at) => {
    const filled = at % 2 ? (words[part] ?? "") : "";
    return filled ? html`<bdi lang=${tongue(filled)}>${filled}</bdi>` : at % 2 ? "" : part;
  });
}

/** A link to a page of the server, in a window of its own and said to be so. */
export function outside(here: Here, path: string, text: unknown, chinese = false): TemplateResult {
  return html`<a href=${here.server.link(path)} target="_blank" rel="noopener"
    ><span lang=${chinese ? "zh-CN" : here.lang}>${text}</span
    ><span class="hidden" lang=${here.lang}>${here.say("window")}</span></a
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
      return html`<li>${link} ${source ? sourceLine(source, here, true) : nothing}</li>`;
    })}
  </ul>`;
}

/** 2024-06-28 as 2024年6月28日; what is no date stays as it is. */
export function dated(date: string | null): string {
  const [, year, month, day] = date?.match(/^(\d{4})-(\d\d)-(\d\d)$/) ?? [];
  return day ? `${year}年${Number(month)}月${Number(day)}日` : (date ?? "");
}
