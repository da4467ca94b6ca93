// The keyboard of the console, and its side panel. Everything works without this file.

const panel = document.getElementById("letter");
let opener = null;

// In a wide window the rooms stand open; where the style sheet cannot see to it, here.
const menu = document.querySelector("details.menu");
if (menu && !CSS.supports("selector(::details-content)")) {
  menu.open = matchMedia("(min-width: 48.01rem)").matches;
}

function closePanel() {
  if (!panel || panel.hidden) return false;
  panel.hidden = true;
  panel.replaceChildren();
  opener?.focus();
  return true;
}

document.addEventListener("htmx:after:swap", () => {
  if (panel && panel.hidden && panel.childElementCount) {
    panel.hidden = false;
    const mark = panel.querySelector("mark");
    (mark ?? panel).scrollIntoView({ block: "center" });
    panel.querySelector("[data-close]")?.focus();
  }
});
document.addEventListener("click", (event) => {
  const peek = event.target.closest("a.peek");
  if (peek) {
    opener = peek;
    panel.hidden = true;
  }
  if (event.target.closest("[data-close]")) closePanel();
});
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of boxes()) box.checked = event.target.checked;
});

const rows = () => [...document.querySelectorAll("table.rows tbody tr")];
const boxes = () => [...document.querySelectorAll('table.rows input[name="seen"]:not(:disabled)')];
const current = () => document.querySelector("table.rows tr.here");

function go(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  current()?.classList.remove("here");
  next.classList.add("here");
  next.querySelector("th a, input, a").focus();
  next.scrollIntoView({ block: "nearest" });
}

function decide(key) {
  const button = document.querySelector(`form[data-keys] button[data-key="${key}"]`);
  if (!button) return false;
  if (!boxes().some((box) => box.checked)) {
    const box = current()?.querySelector('input[name="seen"]:not(:disabled)');
    if (box) box.checked = true;
  }
  button.click();
  return true;
}

function toggle() {
  const box = current()?.querySelector('input[name="seen"]:not(:disabled)');
  if (box) box.checked = !box.checked;
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  x: toggle,
  a: () => document.querySelector("[data-all]")?.click(),
  o: () => current()?.querySelector("a.peek")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closePanel()) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
  if (KEYS[event.key] && rows().length) {
    event.preventDefault();
    KEYS[event.key]();
  } else if (/^\d$/.test(event.key) && decide(event.key)) {
    event.preventDefault();
  }
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("table.rows tbody tr");
  if (!row || row === current()) return;
  current()?.classList.remove("here");
  row.classList.add("here");
});
