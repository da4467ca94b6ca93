/**
 * The one script of a page: `<script src="https://HOST/widget.js" defer data-…>`. It defines
 * `<fuwen-ask>` and puts one on the page; the panel is fetched when it is first opened.
 */

import css from "./launcher.css";
import { langOf, speaker } from "./lang.js";
import { sheet } from "./sheet.js";
import tokens from "./tokens.css";
import type { FuwenPanel } from "./panel.js";
import type { Scope } from "./wire.js";

const SCRIPT =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]');
const HOST = new URL(SCRIPT?.src ?? location.href).origin;
const TABLE = {
  launcher: ["问政府答复", "Ask the government"],
  broken: [
    "没有打开：可能是网络不通，或者这个网站还没有获准使用。可以再按一次，或",
    "Did not open: the network may be down, or this site is not on the list. Press again, or",
  ],
  page: ["直接打开问答页", "Open the question page"],
} as const;
const SHEETS = "adoptedStyleSheets" in document ? [sheet(tokens), sheet(css)] : null;

class FuwenAsk extends HTMLElement {
  private panel: FuwenPanel | null = null;
  private tries = 0;
  private readonly button = document.createElement("button");
  private readonly trouble = document.createElement("p");

  connectedCallback(): void {
    if (this.shadowRoot) return;
    if (!SHEETS) return this.append(this.page());
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = SHEETS;
    this.lang = this.option("lang") || langOf(document.documentElement.lang);
    for (const name of ["mode", "position"]) this.dataset[name] = this.option(name);
    this.trouble.setAttribute("role", "status");
    if (this.inline) {
      root.append(this.trouble);
      void this.open();
      return;
    }
    this.button.textContent = this.option("label") || this.say("launcher");
    this.button.setAttribute("aria-haspopup", "dialog");
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => void this.open());
    root.append(this.trouble, this.button);
  }

  /** Opens the panel; a load that fails says so and can be tried again. */
  async open(): Promise<void> {
    this.button.setAttribute("aria-busy", "true");
    try {
      this.panel ??= await this.load();
      this.trouble.replaceChildren();
      if (this.inline) return;
      this.button.setAttribute("aria-expanded", "true");
      this.button.hidden = true;
      await this.panel.open();
    } catch {
      this.trouble.replaceChildren(this.say("broken"), document.createElement("br"), this.page());
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }

  close(): void {
    this.panel?.close();
  }

  private async load(): Promise<FuwenPanel> {
    // A module that failed to load may be remembered as failed, so each try has its own address.
    const again = this.tries++ ? `?${this.tries}` : "";
    await import(`${HOST}/static/${PANEL_FILE}${again}`);
    const panel = document.createElement("fuwen-panel") as FuwenPanel;
    panel.host = HOST;
    panel.language = langOf(this.lang);
    panel.inline = this.inline;
    panel.dataset.mode = this.dataset.mode;
    panel.dataset.position = this.dataset.position;
    panel.scope = this.scope;
    panel.addEventListener("fuwen-close", (event) => {
      this.button.hidden = false;
      this.button.setAttribute("aria-expanded", "false");
      if ((event as CustomEvent<{ within: boolean }>).detail.within) this.button.focus();
    });
    this.shadowRoot?.append(panel);
    return panel;
  }

  /** In the page itself, without a button; `fill` is as high as the page, for an iframe. */
  private get inline(): boolean {
    return ["inline", "fill"].includes(this.option("mode"));
  }

  private get scope(): Scope {
    const [issuer, year] = [this.option("scopeIssuer"), Number(this.option("scopeYear"))];
    const result_class = this.option("scopeClass");
    return {
      ...(issuer && { issuer }),
      ...(year && { year }),
      ...(result_class && { result_class }),
    };
  }

  /** `data-…` of the element itself, else of the script. */
  private option(name: string): string {
    return this.dataset[name] ?? SCRIPT?.dataset[name] ?? "";
  }

  private get say() {
    return speaker(TABLE, langOf(this.lang));
  }

  /** The page that does the same without this widget. */
  private page(): HTMLAnchorElement {
    const link = document.createElement("a");
    link.href = `${HOST}/ask`;
    link.textContent = this.say("page");
    return link;
  }
}

/** One `<fuwen-ask>`: the page's own, or one at `data-target`, after the script, or at the end. */
function put(): void {
  if (document.querySelector("fuwen-ask")) return;
  const made = document.createElement("fuwen-ask");
  const target = SCRIPT?.dataset.target && document.querySelector(SCRIPT.dataset.target);
  if (target) target.append(made);
  else if (SCRIPT?.dataset.mode === "inline" && document.body.contains(SCRIPT)) SCRIPT.after(made);
  else document.body.append(made);
}

if (!customElements.get("fuwen-ask")) {
  customElements.define("fuwen-ask", FuwenAsk);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", put);
  else put();
}
