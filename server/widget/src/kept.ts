/** How much of a question is asked. */

import { length, slice } from "./points.js";

export const LONGEST = 1000; // code points, as the server has it

/** What of `text` is asked: its end where it is too long, since the question stands there. */
export function kept(text: string): string {
  const n = length(text);
  return slice(text, Math.max(0, n - LONGEST), n).trim();
}
