/** What every part of the panel is given: the words to say and the server to ask. */

import { LitElement } from "lit";
import { property } from "lit/decorators.js";

import type { Server } from "./ask.js";
import type { Lang } from "./lang.js";
import type { Say } from "./words.js";
import type { Quote } from "./wire.js";

export interface Here {
  say: Say;
  lang: Lang;
  server: Server;
  /** Whether a voice of this device can read Chinese. */
  voiced: boolean;
  /** Whether the reader wants to speak questions, and the browser can listen. */
  spoken: boolean;
}

/** A part drawn in the panel's own tree, so that its styles and names hold. */
export class Part extends LitElement {
  @property({ attribute: false }) here!: Here;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Has the panel's live region say `text`. */
  protected announce(text: string): void {
    this.dispatchEvent(new CustomEvent("fuwen-say", { detail: text, bubbles: true }));
  }
}

/** The quotes of one turn and which of them to show in its letter. */
export interface Viewing {
  quotes: readonly Quote[];
  at: number;
}

/** Asks the panel to show `viewing`. */
export function view(from: EventTarget, viewing: Viewing): void {
  from.dispatchEvent(new CustomEvent("fuwen-view", { detail: viewing, bubbles: true }));
}

/** `<name>` as `made`, once: the script may stand on a page twice. */
export function define(name: string, made: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, made);
}
