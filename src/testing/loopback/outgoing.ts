import type { ServerResponse } from "node:http";
import { type Clock, pause } from "../../base/index.ts";
import type { LoopbackPace } from "./answer.ts";
import type { Gate } from "./gate.ts";

/** The way of an answer to the client; each step tells whether the client is still there. */
export interface Outgoing {
  begin(status: number, headers: Readonly<Record<string, string>>): void;
  /** Waits as the answer's pace says. */
  pause(pace: LoopbackPace): Promise<boolean>;
  /** Sends a piece and waits until it is on its way. */
  write(text: string): Promise<boolean>;
  end(text?: string): void;
  /** Closes the connection, whatever is still to come. */
  drop(): void;
}

/** Makes the way to one client; nothing of it waits any more when the client has gone. */
export function outgoing(response: ServerResponse, gate: Gate, clock: Clock): Outgoing {
  let gone = false;
  const pending = new Set<() => void>();
  response.on("close", () => {
    gone = true;
    for (const giveUp of pending) giveUp();
  });

  /** Waits for a step; true when it was done, false when the client went before. */
  function until(begin: (done: () => void) => (() => void) | undefined): Promise<boolean> {
    if (gone) return Promise.resolve(false);
    return new Promise((resolve) => {
      let takeBack: (() => void) | undefined;
      const settle = (done: boolean): void => {
        pending.delete(giveUp);
        resolve(done);
      };
      const giveUp = (): void => {
        takeBack?.();
        settle(false);
      };
      pending.add(giveUp);
      takeBack = begin(() => settle(true));
    });
  }

  return {
    begin(status, headers) {
      // One connection for each request, so that an open one is an answer that somebody still has to take.
      response.writeHead(status, { ...headers, connection: "close" });
      response.flushHeaders();
    },
    async pause({ held, everyMs }) {
      if (held === true && !(await until((done) => gate.wait(done)))) return false;
      if (everyMs !== undefined && !(await until((done) => clock.schedule(everyMs, done)))) return false;
      return !gone;
    },
    async write(text) {
      const written = await until((done) => {
        response.write(text, () => done());
        return undefined;
      });
      // The socket takes what comes at once: without a pause, an endless answer would leave its client no turn.
      await pause();
      return written && !gone;
    },
    end: (text) => void response.end(text),
    drop: () => void response.destroy(),
  };
}
