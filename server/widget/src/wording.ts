/** The quotes of an answer as a language model joined them, its own words told apart. */

import { html, type TemplateResult } from "lit";

import { told } from "./english.js";
import type { Here } from "./here.js";
import { saidView } from "./letters.js";
import type { Wording } from "./wire.js";

/** To be read below the cards, which lead to the letters. */
export function wordingView({ note, parts }: Wording, { say, lang }: Here): TemplateResult {
  return html`<div class="wording" role="group" aria-label=${say("wording")}>
    ${parts.map((part) => {
      // In brackets and with whose they are, so that a copy of them says so too.
      if (part.kind === "words")
        return html`<p class="quiet">〔${say("made")}<span lang="zh-CN">${part.text}</span>〕</p>`;
      const { text, issuer, number } = part.quote;
      return html`<p lang="zh-CN">
        <q>${text}</q> <span class="source">${issuer} ${number}</span>
      </p>`;
    })}
    <p class="quiet">${saidView(told(note, lang))}</p>
  </div>`;
}
