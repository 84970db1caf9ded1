/** What tools borrow: tokens, bindings, and the guard that closes them when a call has settled. */
export { borrow, collectResources, type Resources, requireResource } from "./registry.ts";
export {
  type Binding,
  type Gate,
  type ResourceSnapshot,
  type Token,
  type TokenOptions,
  type Transactional,
  token,
} from "./token.ts";
