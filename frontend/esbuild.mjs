// Bundles our scripts and styles and draws the icon sprite. Called by build.py, which names the output folder.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";

const out = process.argv[2];
if (!out) throw new Error("usage: node esbuild.mjs OUTPUT_FOLDER");
await mkdir(out, { recursive: true });

await build({
  entryPoints: { app: "src/app.js", chart: "src/chart.js", map: "src/map.js", theme: "src/theme.js", style: "css/app.css", "chart-print": "css/chart-print.css" },
  outdir: out,
  entryNames: "[name]",
  // Pictures of Leaflet's style sheet, which ours never show.
  loader: { ".png": "file" },
  assetNames: "[name]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome92"],
  legalComments: "linked",
  charset: "utf8",
  logLevel: "warning",
});

const names = (await readFile("icons.txt", "utf8"))
  .split("\n")
  .map((line) => line.trim())
  .filter((line) => line && !line.startsWith("#"));
const symbols = await Promise.all(
  names.map(async (name) => {
    const svg = await readFile(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
    const inner = svg
      .replace(/^[\s\S]*?<svg[\s\S]*?>/, "")
      .replace(/<\/svg>\s*$/, "")
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
      .replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
  }),
);
await writeFile(`${out}/icons.svg`, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`);
await copyFile("seal.svg", `${out}/seal.svg`);
