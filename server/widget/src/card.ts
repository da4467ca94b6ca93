/** A quote with its source and what can be done with it. */

import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { citation, copied } from "./copy.js";
import { define, Part, view } from "./here.js";
import { outside, sourceLine } from "./letters.js";
import { hush, speak } from "./speech.js";
import { question, type Turn } from "./turn.js";
import type { Piece } from "./wire.js";
import "./opinion.js";

export class FuwenCard extends Part {
  @property({ attribute: false }) turn!: Turn;
  @property({ type: Number }) at = 0;
  @state() private reading = false;
  @state() private copying: "copied" | "uncopied" | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.reading) hush();
  }

  private get quoted() {
    const quoted = this.turn.quotes[this.at];
    if (!quoted) throw new RangeError(`no quote ${this.at}`);
    return quoted;
  }

  protected override render(): TemplateResult {
    const { say } = this.here;
    const { pieces, source } = this.quoted;
    const many = this.turn.quotes.length > 1;
    const label = many ? say("quoteOf", { n: this.at + 1 }) : say("quote");
    const kind = this.quoted.kind ? html` · <span lang="zh-CN">${this.quoted.kind}</span>` : nothing;
    return html`<div class="quote" role="group" aria-label=${label}>
      <p class="label">${label}${kind}</p>
      <blockquote lang="zh-CN"><p>${pieces.map(piece)}</p></blockquote>
      ${gloss(this.quoted.notes)} ${sourceLine(source)} ${this.earlier()} ${this.later()}
      ${this.actions()} ${this.copyState()}
      ${this.turn.verdict ? this.opinion(this.turn.verdict.snapshot) : nothing}
    </div>`;
  }

  private earlier(): TemplateResult | typeof nothing {
    const { earlier = [] } = this.quoted;
    if (!earlier.length) return nothing;
    return html`<div class="later">
      <p>${this.here.say("earlier")}</p>
      <ul class="links">
        ${earlier.map(
          (one) =>
            html`<li>
              ${outside(this.here, one.href, one.told, true)}
              <q lang="zh-CN">${one.pieces.map(piece)}</q> ${gloss(one.notes)}
            </li>`,
        )}
      </ul>
    </div>`;
  }

  private later(): TemplateResult | typeof nothing {
    const { later } = this.quoted;
    if (!later.length) return nothing;
    return html`<div class="later">
      <p>${this.here.say("later", { n: later.length })}</p>
      <ul class="links">
        ${later.map((one) => {
          const about = [one.number ?? one.name, one.dated].filter(Boolean).join(" · ");
          return html`<li>${outside(this.here, one.href, about, true)}</li>`;
        })}
      </ul>
    </div>`;
  }

  private actions(): TemplateResult {
    const { say, voiced } = this.here;
    const { href, permalink } = this.quoted;
    const reading = say(this.reading ? "silence" : "read");
    return html`<div class="actions">
      ${outside(this.here, href, say("open"))}
      <button class="plain" @click=${this.show}>${say("here")}</button>
      ${voiced ? html`<button class="plain" @click=${this.read}>${reading}</button>` : nothing}
      <button class="plain" @click=${this.copy}>${say("copy")}</button>
      ${outside(this.here, permalink, say("permalink"))}
    </div>`;
  }

  private copyState(): TemplateResult | typeof nothing {
    if (!this.copying) return nothing;
    const { say } = this.here;
    const byHand = html`<label class="hand"
      >${say("citation")}<textarea readonly rows="4" .value=${this.cited()}></textarea>
    </label>`;
    return html`<p class="quiet">${say(this.copying)}</p>
      ${this.copying === "uncopied" ? byHand : nothing}`;
  }

  private opinion(snapshot: string): TemplateResult {
    const { letter_id, start, end } = this.quoted.quote;
    const about = { question: question(this.turn), snapshot, verdict: "answer" as const };
    const quote = { letter_id, start, end };
    return html`<fuwen-opinion .here=${this.here} .about=${{ ...about, quote }}></fuwen-opinion>`;
  }

  private show(): void {
    view(this, { quotes: this.turn.quotes.map(({ quote }) => quote), at: this.at });
  }

  private cited(): string {
    return citation(this.quoted, this.here.server.link(this.quoted.permalink));
  }

  private async copy({ currentTarget }: Event): Promise<void> {
    this.copying = (await copied(this.cited())) ? "copied" : "uncopied";
    await this.updateComplete;
    // Without a clipboard the old way may still work; if it does not, the text stands selected.
    this.querySelector<HTMLTextAreaElement>(".hand textarea")?.select();
    if (this.copying === "uncopied" && document.execCommand("copy")) {
      this.copying = "copied";
      (currentTarget as HTMLElement).focus();
    }
    this.announce(this.here.say(this.copying));
  }

  private read(): void {
    if (this.reading) {
      hush();
      return;
    }
    this.reading = true;
    const { quote, source } = this.quoted;
    const origin = [source.issuer, source.number, source.dated].filter(Boolean).join("，");
    speak(`${quote.text} ${origin}`, () => (this.reading = false));
  }
}

/** What we say about the words of a quote, never inside it. */
function gloss(notes: string[] = []): TemplateResult | typeof nothing {
  return notes.length ? html`<p class="quiet" lang="zh-CN">${notes.join("；")}。</p>` : nothing;
}

/** An exact piece is marked, the rest of its sentence is in quiet ink. */
function piece({ text, exact }: Piece): TemplateResult {
  return exact ? html`<mark>${text}</mark>` : html`<span class="rest">${text}</span>`;
}

define("fuwen-card", FuwenCard);
