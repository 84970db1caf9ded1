/** A transaction around a handler that changes nothing, against the bare call of the same handler. */
import { files, ok, tool } from "weakincentives";
import { memoryFiles } from "weakincentives/files";
import { beginTransaction } from "../src/run/transaction.ts";
import { against, type Bench } from "./bench.ts";
import { sideBySide } from "./floors/side-by-side.ts";

const calls = 200_000;

export const bench: Bench = {
  name: "transaction",
  async *run() {
    const look = tool({
      name: "look",
      description: "Looks.",
      effects: "workspace",
      resources: { fs: files },
      handler: async () => ok("nothing"),
    });
    const fs = memoryFiles({ "a.txt": "a" });
    const borrowed = { fs: { token: files, value: fs } };
    const handler = async (): Promise<unknown> => ok("nothing");
    let alive: unknown; // else each collection takes what the engine has learnt of transactions
    const ours = async (): Promise<void> => {
      for (let call = 0; call < calls; call++) {
        // as callTool does it
        const begun = beginTransaction(borrowed, look, (work) => work);
        const transaction = begun instanceof Promise ? await begun : begun;
        alive = transaction;
        await handler();
        const told = transaction.changes();
        const changes = told instanceof Promise ? await told : told;
        for (const name in changes) throw new Error(`nothing has changed in ${name}`);
      }
    };
    const floor = async (): Promise<void> => {
      for (let call = 0; call < calls; call++) await handler();
    };
    const times = await sideBySide({ ours, floor }, 15);
    if (alive === undefined) throw new Error("nothing was begun");
    const each = (total: number | undefined): number => ((total ?? Number.NaN) * 1_000) / calls;
    yield against("empty", each(times.ours?.median), each(times.floor?.median), "us");
  },
};
