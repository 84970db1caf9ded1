/** What a capture gives to `git fast-import`, whose manual tells the form. */
import { pause } from "../../base/index.ts";
import type { Places } from "./places.ts";
import { firstPieces } from "./read-pieces.ts";

/** How a commit differs from the one before, by paths. */
export interface Difference {
  readonly gone: readonly string[];
  readonly changed: readonly string[];
  /** The commit before; without one, what has changed is all that is there. */
  readonly parent: string | undefined;
}

/** Told of what is not in the commit after all. */
export interface LeftOut {
  /** It cannot be read; throws if that ends the whole. */
  unreadable(path: string, error: unknown): void;
  /** It has just gone. */
  gone(path: string): void;
}

/** How much is gathered before it is given on, in bytes. */
const givenAtOnce = 1024 * 1024;

/**
 * Gives what makes a commit, to which git answers with its name. A file that grows meanwhile is there as it began. Throws
 * `FILE_CHANGED` for one that shrinks.
 */
export async function* importOf(
  places: Places,
  { gone, changed, parent }: Difference,
  leftOut: LeftOut,
): AsyncGenerator<Uint8Array> {
  let gathered: Uint8Array[] = [];
  let size = 0;
  const gather = (given: string | Uint8Array): void => {
    const bytes = Buffer.from(given as string); // as: it takes both, and copies
    gathered.push(bytes);
    size += bytes.byteLength;
  };
  gather("commit refs/heads/captures\nmark :1\ncommitter captures <> 0 +0000\ndata 0\n");
  gather(parent === undefined ? "deleteall\n" : `from ${parent}\n`);
  for (const path of gone) gather(`D ${quoted(path)}\n`);
  for (const path of changed) {
    using content = openContent(places, path, leftOut);
    if (content === undefined) {
      gather(`D ${quoted(path)}\n`);
      continue;
    }
    gather(`M ${content.mode} inline ${quoted(path)}\ndata ${content.size}\n`);
    for (const piece of content.pieces) {
      gather(piece);
      if (size < givenAtOnce) continue;
      yield Buffer.concat(gathered);
      await pause();
      gathered = [];
      size = 0;
    }
    gather("\n");
  }
  gather("get-mark :1\ndone\n");
  yield Buffer.concat(gathered);
}

/** What stands at a path, for git. */
interface Content extends Disposable {
  readonly mode: "100644" | "100755" | "120000";
  /** Bytes. */
  readonly size: number;
  readonly pieces: Iterable<Uint8Array>;
}

function openContent(places: Places, path: string, leftOut: LeftOut): Content | undefined {
  try {
    const place = places.look(path);
    if (place.kind === "forbidden" && place.target !== undefined) {
      const target = Buffer.from(place.target);
      return { mode: "120000", size: target.byteLength, pieces: [target], [Symbol.dispose]: () => undefined };
    }
    const handle = places.openFile(path);
    if (handle !== undefined) {
      const { mode, size } = handle.stats;
      const pieces = firstPieces(path, handle);
      return {
        mode: mode & 0o100 ? "100755" : "100644",
        size,
        pieces,
        [Symbol.dispose]: () => handle[Symbol.dispose](),
      };
    }
    leftOut.gone(path);
  } catch (error) {
    leftOut.unreadable(path, error);
  }
  return undefined;
}

/** A path in quotation marks, as C writes it. */
function quoted(path: string): string {
  const escaped = path.replace(/["\\\n]/g, (sign) => `\\${sign.charCodeAt(0).toString(8).padStart(3, "0")}`);
  return `"${escaped}"`;
}
