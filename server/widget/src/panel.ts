/** The panel: loaded on first opening, it holds the conversation and shows letters. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { Server } from "./ask.js";
import { Conversation, type Stage } from "./conversation.js";
import css from "./panel.css";
import { listens } from "./dictation.js";
import { displayView, headerView, type Display } from "./display.js";
import { define, type Here, type Viewing } from "./here.js";
import { keep, recalled } from "./history.js";
import type { Lang } from "./lang.js";
import { sheet } from "./sheet.js";
import { hush, voice, watchVoices } from "./speech.js";
import tokens from "./tokens.css";
import { offersView, turnsView } from "./turns.js";
import { words } from "./words.js";
import type { Scope } from "./wire.js";
import type { Composer } from "./composer.js";
import "./composer.js";
import "./source.js";

/**
 * On a wide screen the panel is a dialog beside the page, which stays usable: a citizen reads the
 * page while asking about it, so it is not modal and traps no focus. Where it covers the whole
 * screen it is modal, since focus must not wander behind what hides it. Both are <dialog>, which
 * makes the rest inert by itself. Inline it is a plain region of the page.
 */
const COVERS = "(max-width: 40rem), (max-height: 30rem)";

export class FuwenPanel extends LitElement implements Stage {
  static override styles = [sheet(tokens), sheet(css)];

  @property({ attribute: false }) host = "";
  @property({ attribute: false }) language: Lang = "zh-CN";
  @property({ attribute: false }) scope: Scope = {};
  @property({ type: Boolean }) inline = false;
  @state() private viewing: Viewing | null = null;
  @state() private suggestions: string[] = [];
  @state() private voiced = false;
  @state() private display!: Display;

  server!: Server;
  private conversation!: Conversation;
  private leaveVoices = (): void => undefined;
  private opener: HTMLElement | null = null;
  /** Whether the focus was in the panel when it was closed. */
  private within = true;
  private readonly covers = matchMedia(COVERS);
  private readonly onPageKey = (event: KeyboardEvent): void => this.pageKey(event);
  private readonly onCover = (): void => this.coverChanged();

  override connectedCallback(): void {
    super.connectedCallback();
    const { turns, ...display } = recalled();
    this.server = new Server(this.host);
    this.conversation = new Conversation(this, turns);
    this.display = { ...display, shown: false };
    this.voiced = voice() !== null;
    this.leaveVoices = watchVoices(() => (this.voiced = voice() !== null));
    document.addEventListener("keydown", this.onPageKey);
    this.covers.addEventListener("change", this.onCover);
    this.server.suggestions().then(
      (found) => (this.suggestions = found),
      () => undefined, // the empty state is only emptier
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.conversation.stop();
    hush();
    this.leaveVoices();
    document.removeEventListener("keydown", this.onPageKey);
    this.covers.removeEventListener("change", this.onCover);
  }

  // What the launcher calls.

  /** Shows the panel and moves the focus into it. */
  async open(): Promise<void> {
    await this.updateComplete;
    const dialog = this.dialog;
    if (dialog?.open) return;
    if (this.covers.matches) dialog?.showModal();
    else dialog?.show();
    // A finger gets the title: focusing the box would raise a keyboard over the suggestions.
    const finger = matchMedia("(pointer: coarse)").matches;
    this.find(finger ? "#title" : ".composer textarea")?.focus();
  }

  close(): void {
    this.within = this.shadowRoot?.activeElement !== null;
    this.dialog?.close();
  }

  /** The dialog is closed, be it by the browser: the page has its button again. */
  private closed(): void {
    if (this.dialog?.open) return; // it was only made modal, or not modal
    hush();
    this.dispatchEvent(new CustomEvent("fuwen-close", { detail: { within: this.within } }));
    this.within = true;
  }

  // What the conversation calls.

  get say() {
    return words(this.language);
  }

  changed(): void {
    keep({ turns: this.conversation.turns, ...this.display });
    this.requestUpdate();
  }

  announce(text: string): void {
    const live = this.find(".live");
    if (live) live.textContent = text;
  }

  async asked(): Promise<void> {
    this.changed();
    await this.updateComplete;
    this.lastTurn?.querySelector<HTMLElement>(".asked")?.focus({ preventScroll: true });
    this.reveal();
  }

  /** Moves on to the verdict, unless the reader has gone elsewhere meanwhile. */
  async settled(): Promise<void> {
    const active = this.shadowRoot?.activeElement;
    const follows = active !== null && this.lastTurn?.contains(active ?? null);
    this.changed();
    await this.updateComplete;
    if (!follows) return;
    this.lastTurn?.querySelector<HTMLElement>(".verdict")?.focus({ preventScroll: true });
    this.reveal();
  }

  /** Brings the last question to the top; inline just into view, the page is not ours to move. */
  private reveal(): void {
    const asked = this.lastTurn?.querySelector(".asked");
    asked?.scrollIntoView({ block: this.dataset.mode === "inline" ? "nearest" : "start" });
  }

  // Drawing.

  protected override willUpdate(): void {
    this.dataset.size = this.display.size;
    this.dataset.contrast = this.display.contrast ? "high" : "normal";
  }

  protected override render(): TemplateResult {
    const { viewing, here } = this;
    const inside = html`<div
      class="frame"
      lang=${this.language}
      @fuwen-say=${(event: CustomEvent<string>) => this.announce(event.detail)}
      @fuwen-view=${this.view}
      @fuwen-leave=${this.leave}
    >
      ${this.header()}
      ${viewing ? html`<fuwen-source .here=${here} .viewing=${viewing}></fuwen-source>` : nothing}
      ${this.log()} ${this.composer()}
      <p class="live hidden" role="status"></p>
    </div>`;
    if (this.inline)
      return html`<section aria-labelledby="title" @keydown=${this.key}>${inside}</section>`;
    return html`<dialog
      aria-labelledby="title"
      @cancel=${this.cancel}
      @close=${this.closed}
      @keydown=${this.key}
    >
      ${inside}
    </dialog>`;
  }

  private header(): TemplateResult {
    const close = this.inline ? null : () => this.close();
    const turn = (): void => this.turnSettings();
    return html`${headerView(this.display, this.say, { turn, close })}
    ${displayView(this.display, this.say, (display) => {
      this.display = display;
      this.changed();
    })}`;
  }

  private turnSettings(): void {
    this.display = { ...this.display, shown: !this.display.shown };
  }

  private log(): TemplateResult {
    const { say, conversation, here, suggestions } = this;
    const clear = (): void => void this.clear();
    return html`<div
      class="log"
      tabindex="0"
      role="region"
      aria-label=${say("log")}
      ?hidden=${this.viewing !== null}
    >
      <p class="quiet">${say("promise")}</p>
      ${conversation.turns.length
        ? turnsView({ here, conversation, clear })
        : offersView(suggestions, say, (text) => void conversation.ask(text))}
    </div>`;
  }

  private composer(): TemplateResult {
    const ask = (event: CustomEvent<string>): void => void this.conversation.ask(event.detail);
    return html`<fuwen-composer
      ?hidden=${this.viewing !== null}
      .here=${this.here}
      .waiting=${this.conversation.waiting}
      @fuwen-ask=${ask}
    ></fuwen-composer>`;
  }

  private get here(): Here {
    const { say, language: lang, server, voiced } = this;
    return { say, lang, server, voiced, spoken: this.display.voice && listens() };
  }

  // What people do.

  private view(event: CustomEvent<Viewing>): void {
    this.opener = (this.shadowRoot?.activeElement ?? event.target) as HTMLElement;
    this.viewing = event.detail;
  }

  private async leave(): Promise<void> {
    this.viewing = null;
    await this.updateComplete;
    this.opener?.focus();
  }

  private async clear(): Promise<void> {
    this.conversation.clear();
    this.announce(this.say("cleared"));
    await this.updateComplete;
    this.find("#title")?.focus();
  }

  private cancel(event: Event): void {
    event.preventDefault();
    this.escape();
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return;
    if (!this.escape()) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Esc anywhere closes the panel beside the page, so that it never hides what has the focus. */
  private pageKey(event: KeyboardEvent): void {
    const open = this.dialog?.open && !event.defaultPrevented && !event.isComposing;
    if (open && event.key === "Escape") this.escape();
  }

  /** Closes what lies on top, and that alone; false if nothing was to be closed. */
  private escape(): boolean {
    const folds = this.shadowRoot?.querySelectorAll<HTMLElement>(".log [aria-expanded=true]");
    const fold = [...(folds ?? [])].at(-1);
    if (!this.viewing && this.find<Composer>("fuwen-composer")?.fold()) return true;
    if (!this.viewing && fold) this.turned(fold);
    else if (this.viewing) void this.leave();
    else if (this.display.shown) this.turned(this.find("#settings"));
    else if (this.inline) return false;
    else this.close();
    return true;
  }

  /** Folds what `button` unfolded, and stands at it. */
  private turned(button: HTMLElement | null): void {
    button?.click();
    button?.focus();
  }

  private coverChanged(): void {
    const dialog = this.dialog;
    if (!dialog?.open) return;
    const active = this.shadowRoot?.activeElement as HTMLElement | null;
    dialog.close();
    if (this.covers.matches) dialog.showModal();
    else dialog.show();
    active?.focus();
  }

  private get dialog(): HTMLDialogElement | null {
    return this.shadowRoot?.querySelector("dialog") ?? null;
  }

  private get lastTurn(): HTMLElement | undefined {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>(".turn") ?? [])].at(-1);
  }

  private find<Found extends HTMLElement>(selector: string): Found | null {
    return this.shadowRoot?.querySelector<Found>(selector) ?? null;
  }
}

define("fuwen-panel", FuwenPanel);
