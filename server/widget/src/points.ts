/** Slicing by code points: every offset of the server counts them, JavaScript counts UTF-16. */

/** Code points [start, end) of `text`. */
export function slice(text: string, start: number, end: number): string {
  return [...text].slice(start, end).join("");
}

/** How many code points `text` has. */
export function length(text: string): number {
  return [...text].length;
}

export interface Span {
  start: number;
  end: number;
}

/** A stretch of a paragraph; `mark` says which span it belongs to, null where it is in none. */
export interface Stretch {
  text: string;
  mark: number | null;
}

export interface Paragraph extends Span {
  stretches: Stretch[];
}

/** The lines of `text`, cut where a span begins or ends; where spans overlap the first wins. */
export function paragraphs(text: string, spans: readonly Span[]): Paragraph[] {
  const points = [...text];
  const edges = spans.flatMap(({ start, end }) => [start, end]).sort((a, b) => a - b);
  const markAt = (at: number): number | null => {
    const found = spans.findIndex(({ start, end }) => start <= at && at < end);
    return found < 0 ? null : found;
  };
  let start = 0;
  return text.split("\n").map((line) => {
    const end = start + length(line);
    const inside = edges.filter((edge) => start < edge && edge < end);
    const cuts = [...new Set([start, ...inside, end])];
    const stretches = cuts.slice(1).map((to, index) => {
      const from = cuts[index] ?? start;
      return { text: points.slice(from, to).join(""), mark: markAt(from) };
    });
    const paragraph = { start, end, stretches };
    start = end + 1;
    return paragraph;
  });
}
