/** The conversation of this tab, kept by the browser until the tab is closed, and nowhere else. */

import type { Turn } from "./turn.js";

export type Size = "standard" | "large" | "extra";

export interface Kept {
  turns: readonly Turn[];
  size: Size;
  contrast: boolean;
  /** Whether questions may be spoken; the browser sends the voice to its maker. */
  voice: boolean;
}

const KEY = "fuwen:1"; // the number changes with the shape of what is kept
const MOST = 20;
const NOTHING: Kept = { turns: [], size: "standard", contrast: false, voice: false };

/** What was kept; nothing where the page may not store or what is stored is not ours. */
export function recalled(): Kept {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Kept>;
    return { ...NOTHING, ...kept, turns: Array.isArray(kept.turns) ? kept.turns : [] };
  } catch {
    return NOTHING;
  }
}

/** Keeps the settled turns, at most 20 of them, and the display. */
export function keep({ turns, size, contrast, voice }: Kept): void {
  const settled = turns.filter((turn) => turn.verdict).slice(-MOST);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ turns: settled, size, contrast, voice }));
  } catch {
    // Storage is full or forbidden: the conversation lasts as long as the page.
  }
}
