/** Writes api/*.txt, the committed list of what each entry exports, so that a change of surface shows in review. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entries } from "../test/support/house.ts";
import { apiFile, apiText, readPublicApi } from "../test/support/public-api.ts";
import { root } from "../test/support/source-tree.ts";

mkdirSync(join(root, "api"), { recursive: true });
for (const file of readdirSync(join(root, "api"))) rmSync(join(root, "api", file));
for (const [entry, names] of readPublicApi(entries)) {
  writeFileSync(join(root, apiFile(entry)), apiText(names));
  console.log(`${apiFile(entry)}: ${names.length} names`);
}
