/** A constructable style sheet: allowed under `style-src 'self'`, where a style element is not. */
export function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
