/** Where a question is written: what is offered meanwhile, how long it may be, what is better kept. */

import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { type Ending, listen } from "./dictation.js";
import { define, Part } from "./here.js";
import { kept, LONGEST } from "./kept.js";
import { tongue } from "./lang.js";
import { Offers } from "./offers.js";
import { found, without } from "./personal.js";
import { length } from "./points.js";

const NEAR = 900; // from here on the rest is counted

export class Composer extends Part {
  @property({ type: Boolean }) waiting = false;
  /** The question that awaits a decision about the personal data in it. */
  @state() private doubtful: string | null = null;
  /** How many code points are written. */
  @state() private written = 0;
  @state() private listening: ReturnType<typeof listen> | null = null;
  /** What is said of the listening, until something is typed. */
  @state() private heard: "listening" | Ending | null = null;
  private readonly offers = new Offers(
    (typed) => (found(typed).length ? Promise.resolve([]) : this.here.server.suggestions(typed)),
    () => this.offered(),
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.offers.close();
    this.hush();
  }

  /** Closes the list of suggestions; true if it was open. */
  fold(): boolean {
    return this.offers.close();
  }

  protected override render(): TemplateResult {
    const { say, spoken } = this.here;
    const { items, at } = this.offers;
    return html`<form
      class="composer"
      @submit=${this.submit}
      @keydown=${this.key}
      @focusout=${this.left}
    >
      ${this.doubtful === null ? nothing : this.warning(this.doubtful)}
      <label for="question">${say("question")}</label>
      ${spoken ? this.microphone() : nothing} ${this.room()} ${this.list()}
      <textarea
        id="question"
        rows="1"
        role="combobox"
        aria-autocomplete="list"
        aria-controls="offers"
        aria-expanded=${items.length > 0}
        aria-activedescendant=${at < 0 ? nothing : `offer-${at}`}
        aria-describedby="room"
        @input=${this.edited}
        @compositionend=${this.edited}
      ></textarea>
      <button aria-disabled=${this.waiting}>${say("ask")}</button>
      ${this.heard ? html`<p class="quiet">${say(this.heard)}</p>` : nothing}
    </form>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.querySelector("#offers [aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  /** Always there, so that the box can name it; seen while it is open. */
  private list(): TemplateResult {
    const { items, at } = this.offers;
    // The box keeps the focus: a press on the list must not take it away.
    const stay = (event: Event): void => event.preventDefault();
    return html`<ul
      id="offers"
      role="listbox"
      aria-label=${this.here.say("offered")}
      ?hidden=${!items.length}
      @mousedown=${stay}
    >
      ${items.map(
        (text, index) =>
          html`<li
            id="offer-${index}"
            role="option"
            lang=${tongue(text)}
            aria-selected=${index === at}
            @click=${() => this.send(text)}
          >
            ${text}
          </li>`,
      )}
    </ul>`;
  }

  private room(): TemplateResult {
    const { say } = this.here;
    const n = this.written;
    const over = n > LONGEST ? say("over", { n, most: LONGEST, cut: n - LONGEST }) : "";
    const text = over || (n > NEAR ? say("room", { n: LONGEST - n }) : "");
    return html`<p id="room" class=${over ? "notice" : "quiet"} ?hidden=${!text}>${text}</p>`;
  }

  private microphone(): TemplateResult {
    const on = this.listening !== null;
    return html`<button
      type="button"
      class="plain talk"
      aria-pressed=${on}
      @click=${() => (on ? this.listening?.stop() : this.talk())}
    >
      ${this.here.say(on ? "stop" : "talk")}
    </button>`;
  }

  private warning(text: string): TemplateResult {
    const { say } = this.here;
    const kinds = [...new Set(found(text).map(({ kind }) => say(kind)))].join(say("and"));
    const strip = (): void => this.send(without(text).trim());
    const anyway = (): void => this.send(text);
    return html`<div class="notice" role="group" aria-labelledby="personal">
      <p id="personal" tabindex="-1">${say("personal", { kinds })}</p>
      <button type="button" @click=${strip}>${say("strip")}</button>
      <button type="button" class="plain" @click=${anyway}>${say("anyway")}</button>
    </div>`;
  }

  private get box(): HTMLTextAreaElement | null {
    return this.querySelector("textarea");
  }

  private edited(event: InputEvent | CompositionEvent): void {
    const text = this.box?.value ?? "";
    const was = this.written;
    this.doubtful = null;
    this.heard = null;
    this.written = length(text);
    const { say } = this.here;
    const [n, most] = [this.written, LONGEST];
    if (n > most && was <= most) this.announce(say("over", { n, most, cut: n - most }));
    // What is still being put together from its sounds is no word yet.
    if (!("isComposing" in event && event.isComposing)) this.offers.follow(text);
  }

  private offered(): void {
    this.requestUpdate();
    const n = this.offers.items.length;
    if (n && this.offers.at < 0) this.announce(this.here.say("offers", { n }));
  }

  private left({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node) || !this.contains(relatedTarget)) this.offers.close();
  }

  /**
   * Enter asks and Shift+Enter breaks the line; an Enter that chooses characters does neither.
   * In the list Enter asks what is chosen there, and only that.
   */
  private key(event: KeyboardEvent): void {
    if (event.target !== this.box || event.isComposing) return;
    const { offers } = this;
    const open = offers.items.length > 0;
    const does = (action: () => unknown): void => {
      event.preventDefault();
      action();
    };
    if (open && event.key === "ArrowDown") does(() => offers.move(1));
    else if (open && event.key === "ArrowUp") does(() => offers.move(-1));
    else if (event.key === "Enter" && !event.shiftKey)
      does(() => (offers.chosen ? this.send(offers.chosen) : this.form?.requestSubmit()));
  }

  private get form(): HTMLFormElement | null {
    return this.querySelector("form");
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = kept(this.box?.value ?? "");
    this.offers.close();
    if (this.waiting) return;
    if (!text) this.box?.focus();
    else if (!found(text).length) this.send(text);
    else {
      this.doubtful = text;
      await this.updateComplete;
      this.querySelector<HTMLElement>("#personal")?.focus();
    }
  }

  private send(text: string): void {
    this.offers.close();
    if (this.waiting) return;
    this.doubtful = null;
    this.heard = null;
    this.hush();
    this.written = 0;
    if (this.box) this.box.value = "";
    if (text) this.dispatchEvent(new CustomEvent("fuwen-ask", { detail: text }));
    else this.box?.focus();
  }

  private hush(): void {
    const { listening } = this;
    this.listening = null;
    listening?.abort();
  }

  private talk(): void {
    const before = this.box?.value ?? "";
    const say = (what: "listening" | Ending): void => {
      this.heard = what;
      this.announce(this.here.say(what));
    };
    const heard = (said: string): void => {
      if (this.box) this.box.value = before + said;
      this.written = length(before + said);
    };
    const listening = listen(heard, (how) => {
      if (this.listening !== listening) return; // it was asked meanwhile
      this.listening = null;
      say(how);
      this.box?.focus();
    });
    this.listening = listening;
    this.offers.close();
    say("listening");
  }
}

define("fuwen-composer", Composer);
