// Builds ../static/widget.js (the launcher) and ../static/widget-<hash>.js (the panel).
// The same sources give the same bytes; `--out DIR` builds elsewhere, `--tests` bundles the tests.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const option = process.argv.indexOf("--out");
const OUT = option < 0 ? join(HERE, "..", "static") : resolve(process.argv[option + 1]);
const NOTICE = "/* fuwen, Apache-2.0; Lit (c) Google LLC, BSD-3-Clause: widget.LICENSE.txt */";

/** `import css from "./x.css"` is the minified text, for constructable style sheets. */
const styles = {
  name: "styles",
  setup(plugin) {
    plugin.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const { code } = await transform(css, { loader: "css", minify: true, charset: "utf8" });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const SHARED = {
  absWorkingDir: HERE,
  bundle: true,
  charset: "utf8",
  plugins: [styles],
  write: false,
};

/** The bytes of one bundle for browsers. */
async function bundled(entry, more) {
  const shared = { ...SHARED, minify: true, target: "es2020", legalComments: "none" };
  const { outputFiles } = await build({ ...shared, entryPoints: [entry], ...more });
  return outputFiles[0].contents;
}

async function buildWidget() {
  const panel = await bundled("src/panel.ts", { format: "esm", banner: { js: NOTICE } });
  const hash = createHash("sha256").update(panel).digest("hex").slice(0, 16);
  const name = `widget-${hash}.js`;
  const define = { PANEL_FILE: JSON.stringify(name) };
  const launcher = await bundled("src/launcher.ts", { format: "iife", define });
  await mkdir(OUT, { recursive: true });
  const old = (await readdir(OUT)).filter((file) => /^widget-[0-9a-f]{16}\.js$/.test(file));
  await Promise.all(old.map((file) => rm(join(OUT, file))));
  await writeFile(join(OUT, name), panel);
  await writeFile(join(OUT, "widget.js"), launcher);
  await copyFile(join(HERE, "node_modules/lit/LICENSE"), join(OUT, "widget.LICENSE.txt"));
}

async function buildTests() {
  const folder = join(HERE, "build", "tests");
  await rm(folder, { recursive: true, force: true });
  const tests = (await readdir(join(HERE, "tests"))).map((name) => join("tests", name));
  const options = { ...SHARED, platform: "node", format: "esm", write: true };
  const outExtension = { ".js": ".mjs" };
  await build({ ...options, entryPoints: tests, outdir: folder, outExtension });
}

await (process.argv.includes("--tests") ? buildTests() : buildWidget());
