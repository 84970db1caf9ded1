/** Writes docs/errors.md from the table of error codes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsDocument } from "../test/support/errors-document.ts";
import { root } from "../test/support/source-tree.ts";

writeFileSync(join(root, "docs/errors.md"), errorsDocument());
console.log("docs/errors.md");
