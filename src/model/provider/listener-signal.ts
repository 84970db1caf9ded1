import { cached } from "./cached.ts";

/**
 * A view of a signal for the `openai` client. Given a signal of the platform, the client composes it with its own by
 * `AbortSignal.any` for every request, which costs about as much as all else that the library does in a turn. Given an object
 * that is a signal only by its methods, it listens to the abort instead, and a request is cancelled just the same.
 */
type ListenerSignal = Pick<AbortSignal, "aborted" | "reason" | "addEventListener" | "removeEventListener">;

const views = new WeakMap<AbortSignal, AbortSignal>();

/** Gives the view of a signal; the same one for every request of a run. */
export const listenerSignal = (signal: AbortSignal): AbortSignal =>
  cached(views, signal, () => {
    const view: ListenerSignal = {
      get aborted() {
        return signal.aborted;
      },
      get reason() {
        return signal.reason;
      },
      addEventListener: signal.addEventListener.bind(signal),
      removeEventListener: signal.removeEventListener.bind(signal),
    };
    return view as AbortSignal; // as: these are the members that the client uses of a signal
  });
