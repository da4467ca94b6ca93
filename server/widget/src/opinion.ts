/** 有用 / 没用, the latter with a reason if one is given. */

import { html, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";

import { define, Part } from "./here.js";
import { slice } from "./points.js";
import type { Opinion } from "./wire.js";

const LONGEST_REASON = 200;

export class FuwenOpinion extends Part {
  @property({ attribute: false }) about!: Omit<Opinion, "useful" | "reason">;
  @state() private step: "open" | "reason" | "sent" | "failed" = "open";

  protected override render(): TemplateResult {
    const { say } = this.here;
    if (this.step === "sent") return html`<p class="quiet">${say("thanks")}</p>`;
    const asking = this.step === "reason";
    return html`<div class="opinion" role="group" aria-label=${say("rate")}>
        <span>${say("rate")}</span>
        <button class="plain" @click=${() => this.send(true, null)}>${say("useful")}</button>
        <button class="plain" aria-expanded=${asking} @click=${this.askWhy}>
          ${say("useless")}
        </button>
      </div>
      ${asking ? this.reason() : nothing}
      ${this.step === "failed" ? html`<p class="quiet">${say("unsent")}</p>` : nothing}`;
  }

  private reason(): TemplateResult {
    const { say } = this.here;
    return html`<form class="reason" @submit=${this.submit}>
      <label>${say("why")}<textarea name="reason" rows="2" maxlength="400"></textarea></label>
      <button>${say("send")}</button>
    </form>`;
  }

  private async askWhy(): Promise<void> {
    this.step = this.step === "reason" ? "open" : "reason";
    await this.updateComplete;
    this.querySelector("textarea")?.focus();
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const reason = this.querySelector("textarea")?.value.trim() ?? "";
    void this.send(false, slice(reason, 0, LONGEST_REASON) || null);
  }

  private async send(useful: boolean, reason: string | null): Promise<void> {
    const { say, server } = this.here;
    try {
      await server.feedback({ ...this.about, useful, reason });
      this.step = "sent";
    } catch {
      this.step = "failed";
    }
    this.announce(say(this.step === "sent" ? "thanks" : "unsent"));
  }
}

define("fuwen-opinion", FuwenOpinion);
