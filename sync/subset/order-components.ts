// Names in the order of what they rest on; names that rest on each other come together (strongly connected components, after Tarjan).

/** Components, each after all that it points at. `pointsAt` may name others than `names`, which are passed over. Pure. */
export function orderComponents(names: readonly string[], pointsAt: (name: string) => readonly string[]): string[][] {
  const known = new Set(names);
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const done = new Set<string>();
  const components: string[][] = [];
  const visit = (name: string): number => {
    const number = numbers.size;
    numbers.set(name, number);
    open.push(name);
    let low = number;
    for (const next of pointsAt(name)) {
      if (!known.has(next) || done.has(next)) continue;
      low = Math.min(low, numbers.has(next) ? (lowest.get(next) ?? numbers.get(next) ?? low) : visit(next));
    }
    lowest.set(name, low);
    if (low === number) {
      const component = open.splice(open.indexOf(name));
      for (const member of component) done.add(member);
      components.push(component);
    }
    return low;
  };
  for (const name of names) if (!numbers.has(name)) visit(name);
  return components;
}
