/** What tools borrow: tokens, bindings, and the guard that closes them when a call has settled. */
export { ResourcePool, type ResourcePoolOptions } from "./pool.ts";
export { type Borrowed, collectResources, lend, type Resources, requireResource } from "./registry.ts";
export {
  type Binding,
  type Durable,
  type Gate,
  type Keep,
  type Kept,
  type Make,
  type Need,
  type ProvideOptions,
  type ResourceSnapshot,
  type Scope,
  type Token,
  type TokenOptions,
  type Transactional,
  token,
} from "./token.ts";
