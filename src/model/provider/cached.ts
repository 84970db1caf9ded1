/** Gives what was made of a key before, or makes it now: tools and forms stay the same for all turns of a run. */
export function cached<K extends object, V>(cache: WeakMap<K, V>, key: K, make: () => V): V {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}
