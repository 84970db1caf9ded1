import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { rejectionOf } from "../../test/support/thrown-by.ts";
import { watchOpenResources } from "./leaks.ts";

describe("watchOpenResources", () => {
  it("says nothing when nothing was opened", async () => {
    await watchOpenResources().check();
  });

  it("names a timer that waits, and is content when it is taken back", async () => {
    const watch = watchOpenResources();
    const timers = [setTimeout(() => undefined, 60_000), setInterval(() => undefined, 60_000)];
    const error = await rejectionOf(watch.check());
    expect(error.code).toBe("INVARIANT_BROKEN");
    expect(error.message).toMatch(
      /^process: Something was left open\. Expected all that was opened to be closed\. Received Timeout \(2 times\)\./,
    );
    expect(error.details).toEqual({ left: { Timeout: 2 } });
    for (const timer of timers) clearTimeout(timer);
    await watch.check();
  });

  it("does not count what was open before", async () => {
    const timer = setTimeout(() => undefined, 60_000);
    await watchOpenResources().check();
    clearTimeout(timer);
  });

  it("does not count what does not keep the process alive", async () => {
    const watch = watchOpenResources();
    const timer = setTimeout(() => undefined, 60_000).unref();
    await watch.check();
    clearTimeout(timer);
  });

  it("names a server and its sockets, and waits while they are closed", async () => {
    const watch = watchOpenResources();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const client = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
    const [[socket]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
    const error = await rejectionOf(watch.check());
    expect(error.details).toEqual({ left: { TCPServerWrap: 1, TCPSocketWrap: 2 } });
    socket.destroy();
    client.destroy();
    server.close();
    await watch.check();
  });

  it("names a child process", async () => {
    const watch = watchOpenResources();
    const child = spawn(process.execPath, ["-e", "setTimeout(() => 0, 60_000)"], { stdio: "ignore" });
    const error = await rejectionOf(watch.check());
    expect(error.details).toEqual({ left: { ProcessWrap: 1 } });
    child.kill("SIGKILL");
    await once(child, "exit");
    await watch.check();
  });

  it("leaves out the kinds that it is told to, and gives up after as many turns", async () => {
    const watch = watchOpenResources({ ignore: ["Timeout"] });
    const impatient = watchOpenResources({ turns: 0 });
    const timer = setTimeout(() => undefined, 60_000);
    await watch.check();
    await rejectionOf(impatient.check());
    clearTimeout(timer);
  });

  it("checks at the end of a block", async () => {
    let timer: NodeJS.Timeout | undefined;
    const block = async (): Promise<void> => {
      await using _watch = watchOpenResources();
      timer = setTimeout(() => undefined, 60_000);
    };
    expect((await rejectionOf(block())).details).toEqual({ left: { Timeout: 1 } });
    clearTimeout(timer);
    await block()
      .finally(() => clearTimeout(timer))
      .catch(() => undefined);
  });
});
