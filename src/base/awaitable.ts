/** Something that may have to be waited for. Whoever must be quick looks whether it is a promise; `await` takes both. */
export type Awaitable<T> = T | Promise<T>;
