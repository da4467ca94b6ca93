/** Elder mode: three text sizes and high contrast; and whether questions may be spoken. */

import { html, nothing, type TemplateResult } from "lit";

import { listens } from "./dictation.js";
import type { Size } from "./history.js";
import type { Say } from "./words.js";

export interface Display {
  size: Size;
  contrast: boolean;
  voice: boolean;
  /** Whether the choices are unfolded. */
  shown: boolean;
}

/** The title, the button that unfolds the choices, and one that closes, where there is that. */
export function headerView(
  { shown }: Display,
  say: Say,
  { turn, close }: { turn: () => void; close: (() => void) | null },
): TemplateResult {
  return html`<header>
    <h2 id="title" tabindex="-1">${say("title")}</h2>
    <button class="plain" id="settings" aria-expanded=${shown} @click=${turn}>
      ${say("display")}
    </button>
    ${close ? html`<button class="plain" @click=${close}>${say("close")}</button>` : nothing}
  </header>`;
}

const SIZES: Size[] = ["standard", "large", "extra"];

/** The choices, while they are unfolded; `choose` is given the display as it shall be. */
export function displayView(
  display: Display,
  say: Say,
  choose: (display: Display) => void,
): TemplateResult | typeof nothing {
  if (!display.shown) return nothing;
  const radio = (size: Size): TemplateResult => {
    const chosen = display.size === size;
    const take = (): void => choose({ ...display, size });
    return html`<label>
      <input type="radio" name="size" .checked=${chosen} @change=${take} />${say(size)}
    </label>`;
  };
  const toggle = (): void => choose({ ...display, contrast: !display.contrast });
  return html`<div class="settings">
    <fieldset class="display">
      <legend>${say("size")}</legend>
      ${SIZES.map(radio)}
      <label>
        <input type="checkbox" .checked=${display.contrast} @change=${toggle} />${say("contrast")}
      </label>
    </fieldset>
    ${listens() ? voiceView(display, say, choose) : nothing}
  </div>`;
}

function voiceView(
  display: Display,
  say: Say,
  choose: (display: Display) => void,
): TemplateResult {
  const toggle = (): void => choose({ ...display, voice: !display.voice });
  return html`<div class="display">
    <label>
      <input
        type="checkbox"
        aria-describedby="voice-note"
        .checked=${display.voice}
        @change=${toggle}
      />${say("voice")}
    </label>
    <p id="voice-note" class="quiet">${say("voiceNote")}</p>
  </div>`;
}
