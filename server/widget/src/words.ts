/** All that the widget itself says, in Chinese and in English; `{n}` is filled in. */

const TABLE = {
  launcher: ["问政府答复", "Ask the government"],
  title: ["问政府答复", "Ask the government's replies"],
  promise: [
    "回答都是政府答复函的原文摘录，一字不改。",
    "Every answer is quoted word for word from the government's reply letters (in Chinese).",
  ],
  broken: ["没有打开：可能是网络不通，或者这个网站还没有获准使用。可以再按一次，或", "Did not open: the network may be down, or this site is not on the list. Press again, or"],
  page: ["直接打开问答页", "Open the question page"],
  close: ["关闭", "Close"],
  clear: ["清除记录", "Clear history"],
  cleared: ["记录已清除", "History cleared"],
  display: ["字号", "Text size"],
  size: ["文字大小", "Text size"],
  standard: ["标准", "Standard"],
  large: ["大", "Large"],
  extra: ["特大", "Extra large"],
  contrast: ["高对比度", "High contrast"],
  log: ["问答记录", "Questions and answers"],
  question: ["您想问什么？", "Your question"],
  ask: ["提问", "Ask"],
  stop: ["停止", "Stop"],
  try: ["可以这样问", "You could ask"],
  asked: ["问：", "You asked: "],
  resolved: ["按“{text}”查找", "Looked for: “{text}”"],
  undo: ["撤销，只按我写的问", "Undo: use my words only"],
  searching: ["正在查找…", "Searching…"],
  sources: ["已找到 {n} 份答复，正在核对原文…", "{n} letters found, checking their words…"],
  answered: ["原文里的回答", "What the letters say"],
  answers: ["原文里的回答，共 {n} 条", "What the letters say: {n} quotes"],
  done: ["查找完毕，有 {n} 条原文摘录", "Done: {n} quotes"],
  doneListing: ["查找完毕，清单共 {n} 份", "Done: a list of {n} letters"],
  doneRefusal: ["查找完毕，没有能直接回答的原文", "Done: no letter answers this"],
  quote: ["原文摘录", "Quoted from the letter"],
  quoteOf: ["原文摘录 {n}", "Quote {n}"],
  earlier: ["上面是最新的答复。以前的答复里是这样写的：", "Above is the latest reply. Earlier replies said:"],
  later: ["此后还有 {n} 份同一主题的答复", "Later letters on the same subject: {n}"],
  open: ["看原文", "Read the letter"],
  window: ["（在新窗口打开）", " (opens in a new window)"],
  here: ["在这里看", "Read it here"],
  copy: ["复制并注明出处", "Copy with its source"],
  copied: ["已复制，含出处", "Copied with its source"],
  uncopied: ["没能复制，请从下面的框里手动复制", "Not copied: please copy from the box below"],
  citation: ["摘录和出处", "Quote and source"],
  permalink: ["固定链接", "Permanent link"],
  read: ["朗读", "Read aloud"],
  silence: ["停止朗读", "Stop reading"],
  rate: ["有用吗？", "Was this useful?"],
  useful: ["有用", "Useful"],
  useless: ["没用", "Not useful"],
  why: [
    "哪里不合用？（可不填，请勿写个人信息）",
    "What was wrong? (optional, no personal data please)",
  ],
  send: ["提交", "Send"],
  thanks: ["已记下，谢谢", "Noted, thank you"],
  unsent: ["没有送出，请再试一次", "Not sent, please try again"],
  refused: ["没有找到能直接回答的原文", "No letter answers this directly"],
  related: ["相关答复（内容相近，不是回答）", "Related letters (similar, not an answer)"],
  whom: ["可以问谁", "Whom to ask"],
  rowName: ["答复", "Letter"],
  rowDate: ["日期", "Date"],
  rowClass: ["类别", "Class"],
  limited: ["问得太快了，请等 {n} 秒再问", "Too many questions: please wait {n} seconds"],
  ready: ["现在可以再问了", "You can ask again now"],
  offline: ["没有网络，连上以后再问", "You are offline: ask again when connected"],
  unreachable: ["连不上问答服务，请稍后再试", "The service cannot be reached, please try again"],
  error: ["没有查完，请再试一次", "The search did not finish, please try again"],
  retry: ["再试一次", "Try again"],
  stopped: ["已停止", "Stopped"],
  personal: [
    "问题里像是有{kinds}。查答复用不着这些，建议去掉。",
    "The question seems to hold {kinds}. It is not needed: better leave it out.",
  ],
  mobile: ["手机号", "a phone number"],
  id: ["身份证号", "an identity number"],
  card: ["银行卡号", "a card number"],
  and: ["、", " and "],
  strip: ["去掉后再问", "Remove it and ask"],
  anyway: ["仍然发送", "Send as it is"],
  back: ["返回回答", "Back to the answer"],
  hit: ["第 {n} 处，共 {all} 处", "Place {n} of {all}"],
  previous: ["上一处", "Previous"],
  next: ["下一处", "Next"],
  loading: ["正在打开原文…", "Opening the letter…"],
  changed: [
    "这份复文已有新版本，摘录的位置对不上，所以没有标出。",
    "The letter has changed since: the place is not marked.",
  ],
  unopened: ["没能打开原文", "The letter did not open"],
  full: ["打开全文页", "Open the letter's page"],
} as const satisfies Record<string, readonly [string, string]>;

export type Key = keyof typeof TABLE;
export type Lang = "zh-CN" | "en";
export type Say = (key: Key, values?: Record<string, string | number>) => string;

/** The words of `lang`. */
export function words(lang: Lang): Say {
  const column = lang === "en" ? 1 : 0;
  return (key, values = {}) =>
    TABLE[key][column].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** English for a page or a wish in English, else Chinese. */
export function langOf(wish: string): Lang {
  return wish.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}
