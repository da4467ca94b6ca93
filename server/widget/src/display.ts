/** Elder mode: three text sizes and high contrast. */

import { html, nothing, type TemplateResult } from "lit";

import type { Size } from "./history.js";
import type { Say } from "./words.js";

export interface Display {
  size: Size;
  contrast: boolean;
  /** Whether the choices are unfolded. */
  shown: boolean;
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
  return html`<fieldset class="display">
    <legend>${say("size")}</legend>
    ${SIZES.map(radio)}
    <label>
      <input type="checkbox" .checked=${display.contrast} @change=${toggle} />${say("contrast")}
    </label>
  </fieldset>`;
}
