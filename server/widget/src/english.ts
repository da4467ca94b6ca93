/** The server's own fixed sentences, which are Chinese, as a page in English says them. */

import type { Lang } from "./lang.js";

/** Words of ours and the language they are in now. */
export interface Told {
  text: string;
  lang: Lang;
}

/** Why there is no answer, by the code of the refusal. */
const REFUSALS: Record<string, string> = {
  no_such_letter: "No letter of this number was found. It may not be in the collection yet; please check the number.",
  only_mentioned: "That letter itself is not in the collection; the letters below mention it.",
  say_more: "The question is too short. Please add a few words: what, and where.",
  which_letter: "Please say which letter is meant, by its number or its title.",
  field_absent: "The letter does not say so.",
  none_listed: "The collection holds no such letters.",
  nothing_found: "Nothing about this was found in the letters.",
  not_sure: "No letter answers this clearly. The letters below are only similar.",
};

/** How a promise stands. */
const STATES: Record<string, string> = {
  not_started: "Not started",
  under_way: "Under way",
  done: "Done",
  unverifiable: "Cannot be verified",
  dropped: "No longer planned",
  proposed: "Not yet confirmed",
  overdue: "Overdue",
};

/** Sentences by how they begin; words that lead an answer by the whole of them. */
const SENTENCES: [RegExp, string][] = [
  [/^[是有]$/, "Yes"],
  [/^(不是|没有)$/, "No"],
  [/^还没有$/, "Not yet"],
  [/^可以$/, "Yes, it is allowed"],
  [/^不可以$/, "No, it is not allowed"],
  [/^以上状态是本单位/, "This state is the office's own record."],
  [/^连接的话由语言模型写/, "The words in brackets are a language model's, not a letter's; the quotes are word for word."],
  [/^会办意见/, "Advice to the leading office, not its official reply"],
  [/^原文的“(.+)”指 (\d+) 年(.*)$/, "“$1” in the letter means $2$3"],
  [/^这一段由扫描件识别/, "Read from a scan; please compare it with the original"],
  [/^姓名和电话已按规定遮去/, "Names and telephone numbers are hidden as the rules require"],
];

/** `text`, which the server says, in `lang` where it is known how. */
export function told(text: string, lang: Lang): Told {
  if (lang === "en")
    for (const [pattern, words] of SENTENCES) {
      const [found] = pattern.exec(text) ?? [];
      if (found) return { text: found.replace(pattern, words), lang };
    }
  return { text, lang: "zh-CN" };
}

/** The reason of a refusal in `lang`. */
export function refusalTold(code: string | null | undefined, reason: string, lang: Lang): Told {
  const text = (lang === "en" && code && REFUSALS[code]) || "";
  return text ? { text, lang } : { text: reason, lang: "zh-CN" };
}

/** How a promise stands in `lang`; `said` is what the server says of it. */
export function stateTold(state: string, said: string, lang: Lang): Told {
  const text = (lang === "en" && STATES[state]) || "";
  return text ? { text, lang } : { text: said, lang: "zh-CN" };
}

/** A day in words: `said` in Chinese, and in English what the ISO date is. */
export function dayTold(date: string | null, said: string | null, lang: Lang): Told {
  if (lang !== "en" || !/^\d{4}-\d\d-\d\d$/.test(date ?? "")) return { text: said ?? "", lang: "zh-CN" };
  const day = new Date(`${date}T00:00Z`);
  const style = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return { text: day.toLocaleDateString("en-GB", style), lang };
}
