/** Where a question is written, and the warning before personal data is sent. */

import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { define, Part } from "./here.js";
import { found, without } from "./personal.js";

export class Composer extends Part {
  @property({ type: Boolean }) waiting = false;
  /** The question that awaits a decision about the personal data in it. */
  @state() private doubtful: string | null = null;

  protected override render(): TemplateResult {
    const { say } = this.here;
    return html`<form class="composer" @submit=${this.submit} @keydown=${this.key}>
      ${this.doubtful === null ? nothing : this.warning(this.doubtful)}
      <label for="question">${say("question")}</label>
      <textarea id="question" rows="1" maxlength="500" @input=${this.edited}></textarea>
      <button aria-disabled=${this.waiting}>${say("ask")}</button>
    </form>`;
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

  private edited(): void {
    this.doubtful = null;
  }

  /** Enter asks and Shift+Enter breaks the line; an Enter that chooses characters does neither. */
  private key(event: KeyboardEvent): void {
    const asks = event.key === "Enter" && !event.shiftKey && !event.isComposing;
    if (!asks || event.target !== this.box) return;
    event.preventDefault();
    this.querySelector("form")?.requestSubmit();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const text = this.box?.value.trim() ?? "";
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
    this.doubtful = null;
    if (this.box) this.box.value = "";
    if (text) this.dispatchEvent(new CustomEvent("fuwen-ask", { detail: text }));
    else this.box?.focus();
  }
}

define("fuwen-composer", Composer);
