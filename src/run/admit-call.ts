/** What must be free before a model is asked: room in the budget, and a place in the limiter. */
import { WinkError } from "../base/index.ts";
import type { Lease } from "../limits/index.ts";
import type { ModelRequest } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import { abortable } from "./signals.ts";
import type { SpentCall } from "./spending.ts";

/** Names a model call for the ledger, the same in each process that goes on with the run: its turn, and which attempt at it. */
export const callName = ({ runId }: Frame, turn: number, attempt: number): string =>
  attempt === 1 ? `${runId}/${turn}` : `${runId}/${turn}.${attempt}`;

/** Makes room for a call in the budget; undefined when there is none. */
export function roomFor(frame: Frame, request: ModelRequest, call: string): SpentCall | undefined {
  const { spending, log } = frame;
  try {
    return spending.reserve(request, call);
  } catch (error) {
    if (!WinkError.is(error, "BUDGET_EXCEEDED")) throw error;
    log.write("info", "budget_used_up", { problem: error.message });
    return undefined;
  }
}

/** Waits until the limiter of the model lets the call through; undefined, and no wait, when the model has none. */
export function leaseFor(frame: Frame, request: ModelRequest, spent: SpentCall): Promise<Lease> | undefined {
  const { limiterOf, models, spending, signal } = frame;
  const limiter = limiterOf?.(models.current);
  if (limiter === undefined) return undefined;
  const coming = (async () => limiter.acquire({ tokens: spending.tokensOf(request) }, { signal }))();
  return abortable(coming, signal).catch((thrown: unknown) => {
    spent.cancel();
    coming.then((lease) => lease.settle(0)).catch(() => undefined); // one that comes too late is given back
    throw thrown;
  });
}
