/** 有用 / 没用, the latter with one reason, which is one tap. */

import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { define, Part } from "./here.js";
import { slice } from "./points.js";
import type { Opinion } from "./wire.js";
import { words } from "./words.js";

const LONGEST_REASON = 200;
const REASONS = ["beside", "partial", "stale", "unclear"] as const;
/** Staff read the reasons in Chinese whatever the language of the page is. */
const CHINESE = words("zh-CN");

export class FuwenOpinion extends Part {
  @property({ attribute: false }) about!: Omit<Opinion, "useful" | "reason">;
  @state() private step: "open" | "reason" | "other" | "sent" | "failed" = "open";

  protected override render(): TemplateResult {
    const { say } = this.here;
    if (this.step === "sent") return html`<p class="quiet sent" tabindex="-1">${say("thanks")}</p>`;
    const asking = this.step === "reason" || this.step === "other";
    return html`<div class="opinion" role="group" aria-label=${say("rate")}>
        <span>${say("rate")}</span>
        <button class="plain" @click=${() => this.send(true, null)}>${say("useful")}</button>
        <button class="plain" aria-expanded=${asking} @click=${this.askWhy}>
          ${say("useless")}
        </button>
      </div>
      ${asking ? this.reasons() : nothing} ${this.step === "other" ? this.other() : nothing}
      ${this.step === "failed" ? html`<p class="quiet">${say("unsent")}</p>` : nothing}`;
  }

  private reasons(): TemplateResult {
    const { say } = this.here;
    const other = this.step === "other";
    return html`<div class="why" role="group" aria-label=${say("why")}>
      <p tabindex="-1">${say("why")}</p>
      ${REASONS.map(
        (reason) =>
          html`<button class="plain" @click=${() => this.send(false, CHINESE(reason))}>
            ${say(reason)}
          </button>`,
      )}
      <button class="plain" aria-pressed=${other} @click=${this.askWhat}>${say("other")}</button>
    </div>`;
  }

  private other(): TemplateResult {
    const { say } = this.here;
    return html`<form class="reason" @submit=${this.submit}>
      <label>${say("otherWhat")}<textarea name="reason" rows="2" maxlength="400"></textarea></label>
      <button>${say("send")}</button>
    </form>`;
  }

  private async askWhy(): Promise<void> {
    this.step = this.step === "reason" || this.step === "other" ? "open" : "reason";
    await this.updateComplete;
    this.querySelector<HTMLElement>(".why p")?.focus();
  }

  private async askWhat(): Promise<void> {
    this.step = "other";
    await this.updateComplete;
    this.querySelector("textarea")?.focus();
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const what = this.querySelector("textarea")?.value.trim();
    const reason = what ? `${CHINESE("other")}：${what}` : CHINESE("other");
    void this.send(false, slice(reason, 0, LONGEST_REASON));
  }

  private async send(useful: boolean, reason: string | null): Promise<void> {
    const { say, server } = this.here;
    const within = this.matches(":focus-within");
    try {
      await server.feedback({ ...this.about, useful, reason });
      this.step = "sent";
    } catch {
      this.step = "failed";
    }
    this.announce(say(this.step === "sent" ? "thanks" : "unsent"));
    await this.updateComplete;
    // The button that was pressed is gone: the focus stays where its answer stands.
    if (within) this.querySelector<HTMLElement>(".sent, button")?.focus();
  }
}

define("fuwen-opinion", FuwenOpinion);
