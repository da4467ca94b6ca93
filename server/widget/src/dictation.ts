/** Speaking a question, by what the browser brings; used only by who switched it on. */

/** The part of the Web Speech API that is used; TypeScript does not know it. */
interface Recognition {
  lang: string;
  onresult: ((event: { results: ArrayLike<ArrayLike<{ transcript: string }>> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

/** How listening ended: with words, without, or without leave. */
export type Ending = "listened" | "unheard" | "unallowed";

function maker(): (new () => Recognition) | undefined {
  const known = globalThis as unknown as Record<string, (new () => Recognition) | undefined>;
  return known.SpeechRecognition ?? known.webkitSpeechRecognition;
}

/** Whether the browser can listen. */
export function listens(): boolean {
  return maker() !== undefined;
}

/** Listens once: `heard` is given what was said, `over` is called at the end. */
export function listen(heard: (text: string) => void, over: (how: Ending) => void): Recognition {
  const Made = maker();
  if (!Made) throw new TypeError("this browser does not listen");
  const recognition = new Made();
  let how: Ending = "unheard";
  recognition.lang = "zh-CN";
  recognition.onresult = ({ results }) => {
    const said = Array.from(results, (one) => one[0]?.transcript ?? "").join("");
    if (!said) return;
    how = "listened";
    heard(said);
  };
  recognition.onerror = ({ error }) => {
    if (error === "not-allowed" || error === "service-not-allowed") how = "unallowed";
  };
  recognition.onend = () => over(how);
  recognition.start();
  return recognition;
}
