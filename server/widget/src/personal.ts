/** Personal data in a question, found before it is sent. The server masks what it logs as well. */

export type Kind = "mobile" | "id" | "card";

export interface Found {
  kind: Kind;
  start: number;
  end: number;
}

interface Rule {
  kind: Kind;
  pattern: RegExp;
  holds: (digits: string) => boolean;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** ISO 7064 mod 11-2, the check character of the identity number of GB 11643-1999. */
function identityHolds(id: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(id[index]), 0);
  return "10X98765432"[sum % 11] === id[17]?.toUpperCase();
}

/** The Luhn check of ISO/IEC 7812-1, which bank cards carry. */
function luhnHolds(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

// The first that holds wins, so that an identity number is not read as a bank card.
const RULES: Rule[] = [
  { kind: "id", pattern: /(?<!\d)\d{17}[\dXx](?![\dXx])/g, holds: identityHolds },
  {
    kind: "id",
    pattern: /(?<!\d)[1-8]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)/g,
    holds: () => true,
  },
  {
    kind: "card",
    pattern: /(?<!\d)[2-6]\d{3}(?:[- ]?\d{4}){3}(?:[- ]?\d{1,3})?(?!\d)/g,
    holds: luhnHolds,
  },
  {
    kind: "mobile",
    pattern: /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)/g,
    holds: () => true,
  },
];

/** Where `text` seems to hold personal data, in order; offsets count UTF-16 units. */
export function found(text: string): Found[] {
  const plain = halfWidth(text);
  const all: Found[] = [];
  for (const { kind, pattern, holds } of RULES)
    for (const match of plain.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      const free = all.every((one) => end <= one.start || one.end <= start);
      if (free && holds(match[0].replace(/[^\dXx]/g, ""))) all.push({ kind, start, end });
    }
  return all.sort((a, b) => a.start - b.start);
}

/** `text` without what `found` finds. */
export function without(text: string): string {
  const cut = (rest: string, one: Found): string => rest.slice(0, one.start) + rest.slice(one.end);
  return found(text).reduceRight(cut, text);
}

/** Full-width digits, plus and hyphen as the half-width ones, each one unit long. */
function halfWidth(text: string): string {
  return text.replace(/[０-９＋－Ｘｘ　]/g, (wide) =>
    wide === "　" ? " " : String.fromCharCode(wide.charCodeAt(0) - 0xfee0),
  );
}
