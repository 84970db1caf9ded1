/** Floor of dispatch: a bare loop over ten reducers that makes and stores ten new states; with a ledger, one push more. */
export interface FloorEvent {
  readonly type: string;
  readonly payload: {
    readonly id: number;
    readonly tool: string;
    readonly args: { readonly a: number; readonly b: number };
    readonly result: { readonly sum: number };
  };
}
export interface FloorState {
  readonly n: number;
  readonly last: number;
}

export const eventOf = (i: number): FloorEvent => ({
  type: "tool/invoked",
  payload: { id: i, tool: "add", args: { a: i, b: 1 }, result: { sum: i + 1 } },
});
export const reduce = (state: FloorState, event: FloorEvent): FloorState => ({
  n: state.n + 1,
  last: event.payload.id,
});

export function createFloor(ledger: boolean) {
  const keys = Array.from({ length: 10 }, (_, i) => `s${i}`);
  let state: Record<string, FloorState> = Object.fromEntries(keys.map((key) => [key, { n: 0, last: 0 }]));
  const events: unknown[] = [];
  return {
    dispatch(event: FloorEvent): void {
      const next: Record<string, FloorState> = {};
      for (const key of keys) next[key] = reduce(state[key] as FloorState, event);
      state = next;
      if (ledger) events.push(event.payload);
    },
    count: (): number => (state.s0 as FloorState).n,
  };
}
