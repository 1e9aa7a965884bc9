/** Who must be there before whom. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** The graph with every arrow turned round: for deleting. */
export function reversed(graph: Dependencies): Map<string, Set<string>> {
  const turned = new Map<string, Set<string>>([...graph.keys()].map((id) => [id, new Set()]));
  for (const [id, needs] of graph) for (const need of needs) turned.get(need)?.add(id);
  return turned;
}

/** The nodes that lie on or behind a cycle of the graph, sorted; none where there is none. */
export function cycle(graph: Dependencies): string[] {
  const left = new Map([...graph].map(([id, needs]) => [id, new Set(needs)]));
  const users = reversed(graph);
  // Peel off what needs nothing, then what nothing needs: what stays is the cycles and the ways between them.
  const peel = (arrows: Map<string, Set<string>>, back: ReadonlyMap<string, ReadonlySet<string>>): void => {
    const free = [...arrows].filter(([, needs]) => needs.size === 0).map(([id]) => id);
    for (let id = free.pop(); id !== undefined; id = free.pop()) {
      arrows.delete(id);
      for (const user of back.get(id) ?? []) {
        const needs = arrows.get(user);
        if (needs?.delete(id) && needs.size === 0) free.push(user);
      }
    }
  };
  peel(left, users);
  const turned = reversed(left);
  peel(turned, left);
  return [...turned.keys()].sort();
}

/**
 * Runs `work` for every node, each as soon as all it needs is done. After a failure nothing more starts;
 * `onFailure` is told at once, with the nodes that are still at work. Resolves when all that started has ended.
 */
export async function inOrder(
  graph: Dependencies,
  work: (id: string) => Promise<void>,
  onFailure: (id: string, error: unknown, running: readonly string[]) => void = () => {},
  keepGoing = false,
): Promise<{ failed: Map<string, unknown>; done: Set<string> }> {
  const waiting = new Map(
    [...graph].map(([id, needs]) => [id, new Set([...needs].filter((n) => graph.has(n)))]),
  );
  const users = reversed(graph);
  const failed = new Map<string, unknown>();
  const done = new Set<string>();
  const running = new Set<string>();
  await new Promise<void>((resolve) => {
    const start = (id: string): void => {
      waiting.delete(id);
      running.add(id);
      work(id).then(
        () => finish(id),
        (error: unknown) => {
          failed.set(id, error);
          running.delete(id);
          onFailure(id, error, [...running]);
          if (running.size === 0) resolve();
        },
      );
    };
    const finish = (id: string): void => {
      running.delete(id);
      done.add(id);
      if (failed.size === 0 || keepGoing) {
        for (const user of users.get(id) ?? []) {
          const needs = waiting.get(user);
          if (needs?.delete(id) && needs.size === 0) start(user);
        }
      }
      if (running.size === 0) resolve();
    };
    const free = [...waiting].filter(([, needs]) => needs.size === 0).map(([id]) => id);
    if (free.length === 0) resolve();
    for (const id of free) start(id);
  });
  return { failed, done };
}
