// What the tests ask of a page, shadow trees included. Evaluates to an object of functions.
(() => {
  const CONTROLS =
    "a[href], button, input, select, textarea, summary, iframe, [tabindex]:not([tabindex='-1'])";

  /** All elements under `root` in the order of the tree, shadow trees in their hosts' place. */
  function* everything(root = document.documentElement) {
    yield root;
    for (const child of root.shadowRoot?.children ?? root.children) yield* everything(child);
  }

  const shown = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;

  /** What can be used now: shown, not inert, not disabled. */
  function controls() {
    const modal = [...everything()].find((one) => one.matches("dialog:modal"));
    return [...everything(modal)].filter(
      (one) => one.matches(CONTROLS) && shown(one) && !one.disabled && one.type !== "hidden",
    );
  }

  /** One radio button of a group is in the order of Tab: the one that is chosen, else the first. */
  const tabbed = () => controls().filter((one, _, all) => {
    const group = all.filter((other) => other.type === "radio" && other.name === one.name);
    return one.type !== "radio" || one === (group.find((other) => other.checked) ?? group[0]);
  });

  function active() {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found;
  }

  const name = (one) =>
    `${one.localName} ${one.getAttribute("aria-label") ?? one.id} ${one.textContent}`
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 60);

  /** Where the focus is: at which of `tabbed`, whether it can be seen there. */
  function focus() {
    const here = active();
    if (!here || here === document.body) return null;
    const style = getComputedStyle(here);
    const box = here.getBoundingClientRect();
    const clear = (x, y) => {
      const top = pierced(x, y);
      return top && (within(here, top) || within(top, here));
    };
    // `auto` is the browser's own ring, which is always seen.
    const ringed = { none: false, auto: true }[style.outlineStyle] ?? parseFloat(style.outlineWidth) >= 2;
    const middle = [box.left + box.width / 2, box.top + Math.min(box.height, innerHeight) / 2];
    return { at: tabbed().indexOf(here), name: name(here), ringed, seen: clear(...middle) };
  }

  function pierced(x, y) {
    let found = document.elementFromPoint(x, y);
    while (found?.shadowRoot?.elementFromPoint(x, y)) {
      const inner = found.shadowRoot.elementFromPoint(x, y);
      if (inner === found) break;
      found = inner;
    }
    return found;
  }

  function within(outer, inner) {
    for (let one = inner; one; one = one.parentNode ?? one.host) if (one === outer) return true;
    return false;
  }

  /** A link in running text may be as low as its line. */
  function inText(one) {
    if (getComputedStyle(one).display !== "inline") return false;
    const around = one.parentElement?.textContent.trim() ?? "";
    return one.localName === "a" && around !== one.textContent.trim();
  }

  /** Controls that a finger can hardly hit: what is pressed is under `least` pixels. */
  function small(least) {
    return controls()
      .filter((one) => one.localName !== "iframe" && !one.matches("[tabindex]:not(a, button)"))
      .filter((one) => !inText(one))
      .map((one) => [one, (one.closest("label") ?? one).getBoundingClientRect()])
      .filter(([, { width, height }]) => Math.min(width, height) < least - 0.5)
      .map(([one, { width, height }]) => `${name(one)}: ${width.toFixed(0)} × ${height.toFixed(0)}`);
  }

  /** What is wider than the place it has, unless it is made to be moved sideways. */
  function wide() {
    const page = document.scrollingElement;
    const over = [...everything()].filter((one) => {
      const sideways = getComputedStyle(one).overflowX;
      if (one.matches(".sheet, .wide, input, textarea, .hidden, .hidden *") || sideways === "visible") return false;
      return shown(one) && one.scrollWidth > one.clientWidth + 1;
    });
    const told = over.map((one) => `${name(one)}: ${one.scrollWidth} in ${one.clientWidth}`);
    if (page.scrollWidth <= innerWidth) return told;
    const out = [...everything(document.body)].filter(
      (one) => shown(one) && one.getBoundingClientRect().right > innerWidth + 1,
    );
    return [`the page: ${page.scrollWidth}`, ...out.map((one) => `out: ${name(one)}`), ...told];
  }

  /** Names of the regions that speak by themselves and hold any of `inside`. */
  function live(inside) {
    const LIVE = "[aria-live]:not([aria-live='off']), [role=status], [role=alert], [role=log]";
    const all = [...everything()];
    const parts = all.filter((one) => one.matches(inside));
    return all.filter((one) => one.matches(LIVE) && parts.some((part) => within(one, part))).map(name);
  }

  const moving = () =>
    [...everything()].flatMap((one) => one.getAnimations()).filter((one) => one.playState === "running")
      .length;

  return { controls, tabbed, focus, small, wide, live, moving, everything, name };
})()
