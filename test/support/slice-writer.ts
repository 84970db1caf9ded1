/**
 * Writes numbered items to the file of a slice as fast as it can, and tells the number of each that was acknowledged on its
 * standard output, until it is killed; without arguments it only ends. Arguments: the folder, the writer's name, and whether it is the only writer of the
 * file: then it replaces all items now and then. With WINK_FAULT=acknowledge-first it breaks the promise that it is there to
 * test: it tells of an item before it has flushed it.
 */
import { append, replace } from "../../src/session/index.ts";
import { jsonlStore } from "../../src/session/store/index.ts";
import { tell } from "./crash.ts";
import { isCompacted, isReplaced, numberedItem, numberedItems } from "./numbered-item.ts";

const [directory = "", writer = "", alone = ""] = process.argv.slice(2);
if (directory === "") process.exit();
const acknowledgeFirst = process.env.WINK_FAULT === "acknowledge-first";

const store = await jsonlStore(numberedItems, { directory });
const own = store
  .view()
  .all()
  .findLast((item) => item.writer === writer);
tell(-1); // it has begun
for (let n = (own?.n ?? -1) + 1; ; n++) {
  const item = numberedItem(writer, n);
  store.apply(alone === "alone" && isReplaced(n) ? replace([item]) : append(item));
  if (acknowledgeFirst) tell(n);
  if (n % 3 < 2) continue; // three share one write
  await (isCompacted(n) ? store.compact() : store.flush());
  if (!acknowledgeFirst) tell(n);
}
