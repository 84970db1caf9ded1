import { defineConfig } from "tsdown";
import manifest from "./package.json" with { type: "json" };

// One bundle an entry of package.json's exports and bin, what they share in chunks; types come from tsc (see scripts/build.ts).
const entry: Record<string, string> = {};
for (const target of Object.values(manifest.exports)) {
  if (typeof target !== "string") entry[target.default.replace(/^\.\/dist\/|\.js$/g, "")] = target.source;
}
for (const path of Object.values(manifest.bin)) {
  const name = path.replace(/^dist\/|\.js$/g, "");
  entry[name] = `src/${name}.ts`;
}

export default defineConfig({
  entry,
  format: "esm",
  target: "es2024",
  platform: "node",
  outDir: "dist",
  outExtensions: () => ({ js: ".js" }),
  dts: false,
  sourcemap: false,
  failOnWarn: true,
  // Doc comments stand in the types; those that tools read stay. Names of functions and classes stay too, so that stacks are
  // read as the source is; those of variables do not.
  minify: {
    compress: { keepNames: { function: true, class: true } },
    mangle: { toplevel: true, keepNames: true },
    codegen: { removeWhitespace: true },
  },
  outputOptions: { comments: { jsdoc: false } },
  // Every package stays outside, but for the helpers by which `await using` is written in es2024.
  deps: { neverBundle: [/^(?!@oxc-project\/)[@a-z]/] },
});
