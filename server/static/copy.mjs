// A button that copies a quote with its citation. Without this script the citation is there to
// be selected by hand; nothing else depends on it.

const SAID = "已复制";
const FAILED = "没有复制成功，请复制下面选中的文字";

function words(card) {
  const link = card.querySelector('a[href^="/quotes/"]');
  const citation = card.querySelector(".citation").textContent;
  return link ? `${citation} ${link.href}` : citation;
}

function selected(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy(card, told) {
  try {
    await navigator.clipboard.writeText(words(card));
    told.textContent = SAID;
  } catch {
    // No clipboard on a page that is not secure: the words are selected instead.
    selected(card.querySelector(".citation"));
    told.textContent = FAILED;
  }
}

for (const card of document.querySelectorAll(".quote")) {
  const button = document.createElement("button");
  const told = document.createElement("span");
  button.type = "button";
  button.className = "plain";
  button.textContent = "复制并注明出处";
  told.setAttribute("role", "status");
  button.addEventListener("click", () => copy(card, told));
  card.querySelector(".cite .actions").append(button, told);
}
