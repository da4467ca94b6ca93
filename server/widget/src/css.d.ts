declare module "*.css" {
  const text: string;
  export default text;
}

/** The name of the built panel, put in by build.mjs. */
declare const PANEL_FILE: string;
