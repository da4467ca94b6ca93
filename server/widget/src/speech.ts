/** Reading quotes aloud, only with a Chinese voice that lives on this device. */

/**
 * A Chinese voice of the device, if there is one. Voices of a remote service are not used: they
 * would send the words to a third party.
 */
export function voice(): SpeechSynthesisVoice | null {
  if (!("speechSynthesis" in window)) return null;
  const local = speechSynthesis.getVoices().filter((one) => one.localService);
  return local.find((one) => /^(zh|cmn)/i.test(one.lang)) ?? null;
}

/** Calls `changed` whenever the voices change, until the function that it returns is called. */
export function watchVoices(changed: () => void): () => void {
  if (!("speechSynthesis" in window)) return () => undefined;
  speechSynthesis.addEventListener("voiceschanged", changed);
  return () => speechSynthesis.removeEventListener("voiceschanged", changed);
}

/** Reads `text` aloud, instead of whatever was being read; `over` is called at its end. */
export function speak(text: string, over: () => void): void {
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = "zh-CN";
  spoken.voice = voice();
  spoken.onend = spoken.onerror = over;
  speechSynthesis.cancel();
  speechSynthesis.speak(spoken);
}

export function hush(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}
