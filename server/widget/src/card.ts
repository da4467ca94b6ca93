/** A quote with its source, one thing to do with it, and the rest behind 更多. */

import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { citation, copied } from "./copy.js";
import { dayTold, told } from "./english.js";
import { define, Part, view } from "./here.js";
import { outside, saidView, sourceLine } from "./letters.js";
import { hush, speak } from "./speech.js";
import { standingView } from "./standing.js";
import type { Earlier, Later, Piece, Quoted } from "./wire.js";

export class FuwenCard extends Part {
  @property({ attribute: false }) quoted!: Quoted;
  /** The quotes that stand together, this one among them. */
  @property({ attribute: false }) all: readonly Quoted[] = [];
  @state() private more = false;
  @state() private reading = false;
  @state() private copying: "copied" | "uncopied" | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.reading) hush();
  }

  protected override render(): TemplateResult {
    const { say, lang } = this.here;
    const { pieces, source, kind } = this.quoted;
    const many = this.all.length > 1;
    const label = many ? say("quoteOf", { n: this.all.indexOf(this.quoted) + 1 }) : say("quote");
    const kindView = kind ? html` · ${saidView(told(kind, lang))}` : nothing;
    const standing = this.quoted.quote.standing;
    return html`<div class="quote" role="group" aria-label=${label} @focusout=${this.left}>
      ${many || kind ? html`<p class="label">${label}${kindView}</p>` : nothing}
      <blockquote lang="zh-CN"><p>${pieces.map(piece)}</p></blockquote>
      ${this.gloss(this.quoted.notes)} ${sourceLine(source, this.here)}
      ${standing ? standingView(standing, this.here) : nothing} ${this.earlier()} ${this.later()}
      ${this.actions()} ${this.more || this.reading ? this.menu() : nothing} ${this.copyState()}
    </div>`;
  }

  private earlier(): TemplateResult | typeof nothing {
    const { earlier = [] } = this.quoted;
    if (!earlier.length) return nothing;
    return html`<div class="later">
      <p>${this.here.say("earlier")}</p>
      <ul class="links">
        ${earlier.map((one) => this.earlierView(one))}
      </ul>
    </div>`;
  }

  private earlierView({ told, pieces, notes, source, href }: Earlier): TemplateResult {
    const { say, lang } = this.here;
    const day = dayTold(source.date, null, lang).text;
    const name = day ? say("earlierOf", { day }) : told;
    return html`<li>
      ${outside(this.here, href, name, !day)}
      <q lang="zh-CN">${pieces.map(piece)}</q> ${this.gloss(notes)}
    </li>`;
  }

  private later(): TemplateResult | typeof nothing {
    const { later } = this.quoted;
    if (!later.length) return nothing;
    return html`<div class="later">
      <p>${this.here.say("later", { n: later.length })}</p>
      <ul class="links">
        ${later.map((one) => this.laterView(one))}
      </ul>
    </div>`;
  }

  private laterView({ number, name, date, dated, href, fact }: Later): TemplateResult {
    const day = dayTold(date, dated, this.here.lang);
    const about = html`${number ?? name}${day.text ? html` · ${saidView(day)}` : nothing}`;
    return html`<li>
      ${outside(this.here, fact?.href ?? href, about, true)}
      ${fact ? html`<q lang="zh-CN">${fact.text}</q>` : nothing}
    </li>`;
  }

  private actions(): TemplateResult {
    const { say } = this.here;
    const turn = (): void => {
      this.more = !this.more;
      if (!this.more && this.reading) hush();
    };
    return html`<div class="actions">
      <button class="open" @click=${this.show}>${say("open")}</button>
      <button class="plain" aria-expanded=${this.more || this.reading} @click=${turn}>
        ${say("more")}
      </button>
    </div>`;
  }

  private menu(): TemplateResult {
    const { say, voiced } = this.here;
    const reading = say(this.reading ? "silence" : "read");
    return html`<div class="menu" role="group" aria-label=${say("more")}>
      ${voiced ? html`<button class="plain" @click=${this.read}>${reading}</button>` : nothing}
      <button class="plain" @click=${this.copy}>${say("copy")}</button>
      ${outside(this.here, this.quoted.href, say("full"))}
    </div>`;
  }

  /** Who goes on to something else by keyboard leaves the menu folded behind. */
  private left({ relatedTarget }: FocusEvent): void {
    if (relatedTarget instanceof Node && !this.contains(relatedTarget)) this.more = false;
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

  /** What we say about the words of a quote, never inside it. */
  private gloss(notes: string[] = []): TemplateResult | typeof nothing {
    if (!notes.length) return nothing;
    return html`<p class="quiet">${notes.map((note) => saidView(told(`${note}`, this.here.lang)))}</p>`;
  }

  private show(): void {
    const quotes = this.all.map(({ quote }) => quote);
    view(this, { quotes, at: this.all.indexOf(this.quoted) });
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

/** An exact piece is marked, the rest of its sentence is in quiet ink. */
function piece({ text, exact }: Piece): TemplateResult {
  return exact ? html`<mark>${text}</mark>` : html`<span class="rest">${text}</span>`;
}

define("fuwen-card", FuwenCard);
