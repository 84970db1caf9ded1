/** What must be free before a model is asked: room in the budget, and a place in the limiter. */
import { problemFrom, WinkError } from "../base/index.ts";
import type { Lease, RateLimiter } from "../limits/index.ts";
import type { ModelRequest } from "../model/index.ts";
import type { Frame } from "./frame.ts";
import type { LimitReached } from "./outcome.ts";
import { abortable } from "./signals.ts";
import type { SpentCall } from "./spending.ts";

/** Names a model call for the ledger, the same in each process that goes on with the run: its turn, and which attempt at it. */
export const callName = ({ runId }: Frame, turn: number, attempt: number): string =>
  attempt === 1 ? `${runId}/${turn}` : `${runId}/${turn}.${attempt}`;

/** Makes room for a call in the budget; the limit, when there is none. */
export function roomFor(frame: Frame, request: ModelRequest, call: string): SpentCall | LimitReached {
  const { spending, log } = frame;
  try {
    return spending.reserve(request, call);
  } catch (error) {
    if (!WinkError.is(error, "BUDGET_EXCEEDED")) throw error;
    log.write("info", "budget_used_up", { problem: error.message });
    return { reason: "budget", problem: problemFrom(error) };
  }
}

/** Waits until a limiter lets the call through; when it does not, nothing was used. */
export function leaseFor(
  { spending, signal }: Frame,
  limiter: RateLimiter,
  request: ModelRequest,
  spent: SpentCall,
): Promise<Lease> {
  const coming = (async () => limiter.acquire({ tokens: spending.tokensOf(request) }, { signal }))();
  return abortable(coming, signal).catch((thrown: unknown) => {
    spent.cancel();
    coming.then((lease) => lease.settle(0)).catch(() => undefined); // one that comes too late is given back
    throw thrown;
  });
}
