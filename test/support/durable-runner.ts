/**
 * Runs the agent of `durable-agent.ts` in a process of its own: `durable-runner.ts DRIVER FOLDER PORT WORLD`. Begins the run, or goes on with
 * it, answers what it asks, and prints how it ended. WINK_KILL, such as `before 7` or `after 7`, is the write to the journal
 * at which the process kills itself; WINK_FAULT switches off what keeps runs whole.
 */
import { dyingJournal, fileWorld, toTheEnd } from "./durable-life.ts";
import { openDriver } from "./journal-driver.ts";

const [driver = "", directory = "", port = "", path = ""] = process.argv.slice(2);
const [when, at] = (process.env.WINK_KILL ?? "").split(" ");
await using opened = await openDriver(driver, { directory, port: Number(port) });
const journal = dyingJournal(opened.journal, {
  when: when === "after" ? "after" : "before",
  at: Number(at ?? Number.POSITIVE_INFINITY),
  lose: process.env.WINK_FAULT === "no-intents" ? "tool/intended" : undefined,
  die() {
    process.kill(process.pid, "SIGKILL");
    return new Promise<never>(() => undefined);
  },
});
const told = await toTheEnd(journal, fileWorld(path));
console.log(JSON.stringify({ ...told, writes: journal.writes() }));
