/** Copying a quote together with where it stands. */

import type { Quoted } from "./wire.js";

/** The quote, then its source on a line of its own, then its permanent address. */
export function citation({ quote, source }: Quoted, address: string): string {
  const number = source.number ? `（${source.number}）` : "";
  const date = source.dated?.replace(/（[^（]*）$/, "");
  const origin = [source.issuer, `《${source.name}》${number}`, date].filter(Boolean).join("，");
  return `“${quote.text}”\n——${origin}\n${address}`;
}

/** Whether `text` is on the clipboard now. */
export async function copied(text: string): Promise<boolean> {
  // Absent on plain http, and forbidden in an iframe that was not given it.
  return (
    navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    ) ?? false
  );
}
