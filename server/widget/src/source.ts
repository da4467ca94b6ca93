/** The letter inside the panel, with exactly the quoted code points marked. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { troubleFrom } from "./ask.js";
import { define, Part, type Viewing } from "./here.js";
import { letterPath, outside } from "./letters.js";
import { type Paragraph, paragraphs, slice, type Span } from "./points.js";
import type { Letter, Quote } from "./wire.js";

export class FuwenSource extends Part {
  @property({ attribute: false }) viewing!: Viewing;
  @state() private letter: Letter | null = null;
  @state() private failed = false;

  private get quote(): Quote {
    const quote = this.viewing.quotes[this.viewing.at];
    if (!quote) throw new RangeError(`no quote ${this.viewing.at}`);
    return quote;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("viewing") && this.letter?.id !== this.quote.letter_id) void this.load();
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("h3")?.focus();
  }

  protected override updated(): void {
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
  }

  private async load(): Promise<void> {
    const id = this.quote.letter_id;
    this.letter = null;
    this.failed = false;
    try {
      const letter = await this.here.server.letter(id);
      if (this.quote.letter_id === id) this.letter = letter;
    } catch (error) {
      this.failed = true;
      this.announce(this.here.say(troubleFrom(error).kind === "offline" ? "offline" : "unopened"));
    }
  }

  protected override render(): TemplateResult {
    const { say } = this.here;
    return html`<div class="bar">
        <button @click=${this.leave}>${say("back")}</button>
        ${this.viewing.quotes.length > 1 ? this.steps() : nothing}
      </div>
      <div class="letter" tabindex="0" role="region" aria-labelledby="letter">
        ${this.heading()}
        <p>${outside(this.here, letterPath(this.quote.letter_id, this.quote), say("full"))}</p>
        ${this.letter ? this.text(this.letter) : this.waiting()}
      </div>`;
  }

  /** The letter's title in Chinese, as it is; what is being done in our words until then. */
  private heading(): TemplateResult {
    const { say, lang } = this.here;
    const title = this.letter?.title;
    return html`<h3 id="letter" tabindex="-1" lang=${title ? "zh-CN" : lang}>
      ${title ?? say("open")}
    </h3>`;
  }

  private steps(): TemplateResult {
    const { say } = this.here;
    const { at, quotes } = this.viewing;
    const step = (key: "previous" | "next", by: number): TemplateResult => {
      const out = !quotes[at + by];
      // Not `disabled`: the button that was just pressed must keep the focus.
      return html`<button class="plain" aria-disabled=${out} @click=${() => out || this.go(by)}>
        ${say(key)}
      </button>`;
    };
    return html`<div class="steps">
      ${step("previous", -1)}<span>${this.place()}</span>${step("next", 1)}
    </div>`;
  }

  private place(): string {
    const { at, quotes } = this.viewing;
    return this.here.say("hit", { n: at + 1, all: quotes.length });
  }

  private go(by: number): void {
    this.viewing = { ...this.viewing, at: this.viewing.at + by };
    this.announce(this.place());
  }

  private leave(): void {
    this.dispatchEvent(new CustomEvent("fuwen-leave", { bubbles: true }));
  }

  private waiting(): TemplateResult {
    const { say } = this.here;
    if (!this.failed) return html`<p>${say("loading")}</p>`;
    return html`<p>${say("unopened")}</p>
      <button @click=${this.load}>${say("retry")}</button>`;
  }

  private text(letter: Letter): TemplateResult {
    const quotes = this.viewing.quotes.filter((one) => one.letter_id === letter.id);
    const stands = (one: Quote): boolean => slice(letter.text, one.start, one.end) === one.text;
    const standing = quotes.filter(stands);
    const current = standing.indexOf(this.quote);
    // The one to show comes first, so that it wins where quotes overlap.
    const marked = current < 0 ? [] : [this.quote, ...standing.filter((one) => one !== this.quote)];
    const changed = html`<p class="notice">${this.here.say("changed")}</p>`;
    return html`${current < 0 ? changed : nothing}
      <div class="text" lang="zh-CN">
        ${paragraphs(letter.text, marked).map((one) => paragraph(one, letter.headings))}
      </div>`;
  }
}

function paragraph(drawn: Paragraph, headings: readonly Span[]): TemplateResult {
  const { start, end, stretches } = drawn;
  const words = stretches.map(({ text, mark }) => {
    if (mark === null) return text;
    return html`<mark aria-current=${mark === 0 ? "true" : nothing}>${text}</mark>`;
  });
  const heading = headings.some((one) => one.start <= start && end <= one.end && start < end);
  return heading ? html`<h4>${words}</h4>` : html`<p>${words}</p>`;
}

define("fuwen-source", FuwenSource);
