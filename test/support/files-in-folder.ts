import { rmSync } from "node:fs";
import type { Filesystem } from "../../src/files/index.ts";

/** Files, which may be there to be closed. */
export type Closable = Filesystem & Partial<AsyncDisposable>;

/** Makes files over a folder that goes when they are closed. */
export async function filesIn(root: string, make: (root: string) => Promise<Closable>): Promise<Closable> {
  const fs = await make(root);
  return {
    ...fs,
    async [Symbol.asyncDispose]() {
      await fs[Symbol.asyncDispose]?.();
      rmSync(root, { recursive: true });
    },
  };
}
