/** The two languages of the widget, and which of them some words are in. */

export type Lang = "zh-CN" | "en";

/** Words by their key, each in Chinese and in English; `{n}` is filled in. */
export type Table = Record<string, readonly [string, string]>;
export type Values = Record<string, string | number>;

/** What says the words of `table` in `lang`. */
export function speaker<T extends Table>(table: T, lang: Lang) {
  const column = lang === "en" ? 1 : 0;
  return (key: keyof T, values: Values = {}): string =>
    (table[key]?.[column] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => `${values[name] ?? ""}`);
}

/** English for a page or a wish in English, else Chinese. */
export function langOf(wish: string): Lang {
  return wish.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

/** The language of somebody's words, so that a screen reader speaks them right. */
export function tongue(text: string): Lang {
  return /[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en";
}
